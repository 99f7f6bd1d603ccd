package importing

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/fault"
)

// assets is a list as a laboratory keeps it for itself: a title above, prices in euros, amounts in yuan, dates with the day
// first.
const assets = "示例实验室资产表,,,,,\n自编号码,仪器,购入（元）,对外收费（欧元）,计费单位,启用于\nA-1,示例透射电镜,3250000,\"1.200,50\",小时,31/12/2019\nA-2,示例离心机,88000,\"60,00\",样品,05/06/2020\n"

func plan() Plan {
	return Plan{
		Kind:      "instrument",
		Columns:   map[string]string{"自编号码": "source_id", "仪器": kinds.TargetName, "购入（元）": "worth", "对外收费（欧元）": kinds.TargetExternal, "计费单位": kinds.TargetUnit, "启用于": "commissioned"},
		Constants: map[string]string{"department": "示例分析中心"},
		Readings:  map[string]columns.Reading{"购入（元）": {Yuan: true}, "对外收费（欧元）": {Currency: "EUR", Comma: true}, "启用于": {Dates: columns.DayFirst}},
	}
}

func TestAMappingIsSavedAndUsedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		m, err := w.SaveMapping(ctx, w.Lab, w.Lab.Org, " 资产  表 ", plan())
		if err != nil {
			t.Fatal(err)
		}
		r := w.take(w.Lab, "五月.csv", assets) // the title above is no heading; the set of headings is known
		if r.Accepted != 2 || r.Format != FormatMapping || r.plan.Name != "资产 表" {
			t.Fatalf("%+v", r)
		}
		for _, x := range w.all(w.Lab) {
			if x.SourceID == "A-1" {
				p := x.Prices[0]
				if x.NameZH != "示例透射电镜" || x.Fields["worth"] != int64(325_000_000) || x.Fields["commissioned"] != "2019-12-31" || x.Fields["department"] != "示例分析中心" || p.Currency != "EUR" || p.Amount != 120_050 || p.Unit != "hour" {
					t.Errorf("%+v %+v", x, p)
				}
			}
		}
		mixed := "启用于,仪器,自编号码,计费单位,对外收费（欧元）,购入（元）\n31/12/2019,示例透射电镜,A-1,小时,\"1.200,50\",3250000\n"
		if r := w.take(w.Lab, "六月.csv", mixed); r.Unchanged != 1 || r.Total != 1 {
			t.Errorf("in another order: %+v", counts(r))
		}
		if r := w.takeWith(w.Lab, Request{Org: w.Lab.Org, Mapping: "资产 表", Name: "x.csv", Reader: strings.NewReader("仪器,别的\n示例天平,1\n")}); r.Accepted != 1 {
			t.Errorf("by name: %+v", counts(r))
		}
		if _, err := w.Import(ctx, w.Lab, Request{Org: w.Lab.Org, Mapping: m.ID, Name: "x.csv", Reader: strings.NewReader("甲,乙\n1,2\n")}); !fault.Is(err, "mapping-does-not-fit") {
			t.Errorf("a file that it does not fit: %v", err)
		}
		again, err := w.SaveMapping(ctx, w.Lab, w.Lab.Org, "资产 表", plan())
		if err != nil || again.ID != m.ID {
			t.Errorf("the same name: %v %v", again.ID, err)
		}
		list, err := w.Mappings(ctx, w.Lab, w.Lab.Org)
		if err != nil || len(list) != 1 || list[0].UsedAt.IsZero() {
			t.Fatalf("%+v %v", list, err)
		}
		if _, err := w.RenameMapping(ctx, w.Lab, m.ID, "资产表（新）"); err != nil {
			t.Error(err)
		}
		if _, err := w.SaveMapping(ctx, w.Lab, w.Lab.Org, "另一份", plan()); err != nil {
			t.Error(err)
		}
		if _, err := w.RenameMapping(ctx, w.Lab, m.ID, "另一份"); !fault.Is(err, "name-taken") {
			t.Errorf("a name that is taken: %v", err)
		}
		if _, err := w.DeleteMapping(ctx, w.Lab, m.ID); err != nil {
			t.Error(err)
		}
		if _, err := w.MappingOf(ctx, w.Lab, m.ID); !fault.Is(err, "mapping-not-found") {
			t.Errorf("deleted: %v", err)
		}
	})
}

func TestMappingsAreTheirOwners(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		m, err := w.SaveMapping(ctx, w.Lab, w.Lab.Org, "资产表", plan())
		if err != nil {
			t.Fatal(err)
		}
		for what, err := range map[string]error{
			"list":   second(w.Mappings(ctx, w.Other, w.Lab.Org)),
			"read":   second(w.MappingOf(ctx, w.Other, m.ID)),
			"save":   second(w.SaveMapping(ctx, w.Other, w.Lab.Org, "资产表", plan())),
			"rename": second(w.RenameMapping(ctx, w.Other, m.ID, "x")),
			"delete": second(w.DeleteMapping(ctx, w.Other, m.ID)),
		} {
			if f := fault.Of(err); f == nil || f.Kind != fault.Forbidden {
				t.Errorf("%s by another owner: %v", what, err)
			}
		}
		if _, err := w.Import(ctx, w.Other, Request{Org: w.Other.Org, Mapping: m.ID, Name: "a.csv", Reader: strings.NewReader(assets)}); !fault.Is(err, "mapping-not-found") {
			t.Errorf("used by another owner: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestPlansThatDoNotHold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for code, change := range map[string]func(*Plan){
			"kind-unknown":    func(p *Plan) { p.Kind = "ship" },
			"target-unknown":  func(p *Plan) { p.Columns["启用于"] = "tonnage" },
			"target-twice":    func(p *Plan) { p.Columns["启用于"] = "worth" },
			"name-needed":     func(p *Plan) { p.Columns["仪器"] = kinds.TargetNone },
			"not-a-choice":    func(p *Plan) { p.Constants = map[string]string{"condition": "很好"} },
			"reading-unknown": func(p *Plan) { p.Readings["启用于"] = columns.Reading{Dates: "ydm"} },
		} {
			p := plan()
			change(&p)
			if _, err := w.SaveMapping(t.Context(), w.Lab, w.Lab.Org, "x", p); !fault.Is(err, code) {
				t.Errorf("%s: %v", code, err)
			}
		}
		for name, code := range map[string]string{" ": "required", strings.Repeat("长", 61): "too-long"} {
			if _, err := w.SaveMapping(t.Context(), w.Lab, w.Lab.Org, name, plan()); !fault.Is(err, code) {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}

func TestADraftWaitsForItsOwner(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r, err := w.Import(ctx, w.Lab, Request{Org: w.Lab.Org, Name: "资产.csv", Reader: strings.NewReader(assets), Ask: true})
		if err != nil || r.Status != StatusDraft || len(w.all(w.Lab)) != 0 {
			t.Fatalf("%+v %v", r, err)
		}
		if _, err := w.LookAt(ctx, w.Other, r.ID); err == nil {
			t.Error("another owner looks at it")
		}
		l, err := w.LookAt(ctx, w.Lab, r.ID)
		if err != nil || l.Row != 2 || l.Plan.Kind != "instrument" || l.Plan.Columns["购入（元）"] != kinds.TargetNone || !l.Plan.Readings["对外收费（欧元）"].Comma || l.Plan.Readings["对外收费（欧元）"].Currency != "EUR" {
			t.Fatalf("%+v %v", l.Plan, err)
		}
		if list, bad := w.Preview(l); len(list) != 2 || bad != 0 {
			t.Errorf("%+v %d", list, bad)
		}
		dry, err := w.Start(ctx, w.Lab, r.ID, plan(), true)
		if err != nil || dry.Accepted != 2 || len(w.all(w.Lab)) != 0 {
			t.Fatalf("%+v %v", dry, err)
		}
		if there, err := w.Again(ctx, w.Lab, dry.ID); err != nil || there.ID != r.ID {
			t.Errorf("a second draft of one file: %+v %v", there, err)
		}
		if done, err := w.Apply(ctx, w.Lab, dry.ID); err != nil || done.Accepted != 2 {
			t.Fatalf("%+v %v", done, err)
		}
		if _, err := w.LookAt(ctx, w.Lab, r.ID); !fault.Is(err, "import-not-found") {
			t.Errorf("after it was taken in: %v", err)
		}
		again, err := w.Again(ctx, w.Lab, dry.ID)
		if err != nil || again.Plan.Columns["启用于"] != "commissioned" {
			t.Fatalf("%+v %v", again, err)
		}
		if err := w.Discard(ctx, w.Lab, again.ID); err != nil {
			t.Error(err)
		}
		if list, err := w.Drafts(ctx, w.Lab, 10); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
	})
}

func TestMappingsOverTheAPI(t *testing.T) {
	s := newSite(t)
	var proposal struct {
		HeadingRow int              `json:"heading_row"`
		Proposed   []proposedColumn `json:"proposed"`
		Plan       Plan             `json:"plan"`
	}
	w := s.Send("lab", "POST", "/api/v1/mappings/proposal?name=a.csv", "text/csv", strings.NewReader(assets))
	decode(t, w.Body.Bytes(), &proposal)
	if w.Code != 200 || proposal.HeadingRow != 2 || len(proposal.Proposed) != 6 || proposal.Plan.Columns["计费单位"] != "@unit" || proposal.Proposed[4].Sure != "certain" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	body := map[string]any{"name": "资产表", "plan": plan()}
	var m mappingBody
	s.JSON("lab", "POST", "/mappings", body, http.StatusCreated, &m)
	s.JSON("firm", "POST", "/mappings", body, http.StatusForbidden, nil)
	var report importBody
	w = s.Send("lab", "POST", "/api/v1/imports?mapping="+m.ID+"&name=a.csv", "text/csv", strings.NewReader(assets))
	decode(t, w.Body.Bytes(), &report)
	if w.Code != 200 || report.Accepted != 2 || report.Format != "mapping" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var list struct{ Items []mappingBody }
	s.JSON("lab", "GET", "/mappings", nil, 200, &list)
	if len(list.Items) != 1 || list.Items[0].UsedAt == "" || list.Items[0].Plan.Columns["仪器"] != "@name" {
		t.Errorf("%+v", list)
	}
	s.JSON("other", "DELETE", "/mappings/"+m.ID, nil, http.StatusForbidden, nil)
	s.JSON("lab", "DELETE", "/mappings/"+m.ID, nil, http.StatusNoContent, nil)
	if _, err := s.mappingNamed(t.Context(), s.Lab.Org, "资产表"); !fault.Is(err, "mapping-not-found") {
		t.Errorf("deleted: %v", err)
	}
}

func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
}
