package duplicate

import (
	"slices"
	"testing"

	"qiao/internal/catalogue"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

func TestTwoOwnersOfOneMicroscope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.publish(w.lab, "NH-1", "场发射扫描电子显微镜", "SEM-5000X", "CQ2023-0172", "A 楼 105")
		b := w.publish(w.other, "XZ-7", "扫描电镜", "sem 5000x", "cq20230172", "")
		w.publish(w.other, "XZ-8", "扫描电镜", "SEM-5000X", "CQ2023-0999", "")
		w.settle()
		for _, sub := range []string{"lab", "other", "operator"} {
			who := map[string][]Pair{"lab": w.queue(w.lab, Open), "other": w.queue(w.other, Open), "operator": w.queue(w.operator, Open)}[sub]
			if len(who) != 1 || who[0].First != min(a.ID, b.ID) || who[0].Score < 900 {
				t.Fatalf("%s sees %+v", sub, who)
			}
		}
		p := w.queue(w.lab, Open)[0]
		if _, _, err := w.Do(t.Context(), w.lab, p.ID, VerbMerge, Decision{Keep: a.ID}); !fault.Is(err, "pair-not-yours") {
			t.Errorf("one owner merges alone: %v", err)
		}
		p = w.do(w.lab, p.ID, VerbPropose, Decision{Keep: a.ID, Take: []string{"name_zh"}, Note: "同一台，共建的。"})
		if p.State != Waiting || p.Asked != w.other.Org {
			t.Fatalf("%+v", p)
		}
		if _, _, err := w.Do(t.Context(), w.lab, p.ID, VerbAgree, Decision{}); !fault.Is(err, "pair-not-yours") {
			t.Errorf("the one who asked agrees: %v", err)
		}
		p = w.do(w.other, p.ID, VerbAgree, Decision{})
		if p.State != Joined || w.read(a.ID).NameZH != "扫描电镜" || w.read(b.ID).Status != catalogue.StatusWithdrawn {
			t.Fatalf("%+v", p)
		}
		w.settle()
		w.sound()
		p = w.do(w.other, p.ID, VerbUndo, Decision{})
		if p.State != Open || w.read(a.ID).NameZH != "场发射扫描电子显微镜" || w.read(b.ID).Status != catalogue.StatusPublished {
			t.Fatalf("%+v", p)
		}
		w.settle()
		w.do(w.operator, p.ID, VerbMerge, Decision{Keep: b.ID})
		w.settle()
		w.sound()
		if v, err := w.Show(t.Context(), w.lab, p.ID); err != nil || len(v.Steps) != 4 || !v.can(VerbUndo) {
			t.Errorf("%+v %v", v.Steps, err)
		}
	})
}

func TestADecisionHoldsUntilTheRecordsChange(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.publish(w.lab, "NH-1", "扫描电镜", "SEM-5000X", "", "A 楼 105")
		w.publish(w.other, "XZ-7", "扫描电镜", "SEM-5000X", "", "A 楼 105")
		w.settle()
		p := w.queue(w.lab, Open)[0]
		w.do(w.lab, p.ID, VerbDifferent, Decision{})
		if err := w.Pass(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if len(w.queue(w.operator, Open)) != 0 {
			t.Error("proposed again, and nothing has changed")
		}
		save := func(serial string) {
			d := catalogue.Draft{Kind: "instrument", Booking: true, Values: map[string]any{"name_zh": "扫描电镜", "model": "SEM-5000X", "room": "A 楼 105", "source_id": "NH-1", "class": "010100", "summary": about, "serial": serial}}
			if _, err := w.catalogue.Save(t.Context(), w.lab, a.ID, 0, d); err != nil {
				t.Fatal(err)
			}
			w.settle()
		}
		save("SN-20001")
		if len(w.queue(w.operator, Open)) != 1 {
			t.Error("not proposed again after a change")
		}
		w.do(w.operator, p.ID, VerbLater, Decision{Days: 7})
		if w.clock.Advance(8 * 24 * 3600e9); len(w.queue(w.operator, Open)) != 0 {
			t.Error("put off, and still there")
		}
		if err := w.Wake(t.Context()); err != nil || len(w.queue(w.operator, Open)) != 1 {
			t.Errorf("not woken: %v", err)
		}
		if _, err := w.catalogue.Do(t.Context(), w.lab, a.ID, "withdraw", ""); err != nil {
			t.Fatal(err)
		}
		w.settle()
		if l := w.queue(w.operator, Open); len(l) != 0 {
			t.Errorf("one is withdrawn: %+v", l)
		}
		w.sound()
	})
}

func TestSimilarWarnsAndBlocksNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.publish(w.lab, "NH-1", "扫描电镜", "SEM-5000X", "CQ2023-0172", "A 楼 105")
		w.settle()
		list, err := w.Similar(t.Context(), w.DB, catalogue.Resource{Kind: "instrument", Owner: w.other.Org, NameZH: "电镜", Model: "SEM5000X", Sample: true, Fields: map[string]any{"serial": "CQ2023 0172"}})
		if err != nil || len(list) != 1 || list[0].Resource.ID != a.ID {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestAnOrganisationTakesOverItsPublicRecord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		public := w.public("示例·南湖检测研究院（嘉兴）", "Sample: Nanhu Testing Institute", "00a2xv884")
		same := w.public("示例·南湖检测研究院", "", "")
		w.settle()
		w.settle()
		var x Takeover
		list, err := listTakeovers(t.Context(), w.DB, &db.Where{}, "")
		for _, one := range list {
			if one.Public == same {
				x = one
			}
		}
		if err != nil || x.Registered != w.lab.Org {
			t.Fatalf("%+v %v (%s)", list, err, public)
		}
		if _, _, err := w.Decide(t.Context(), w.other, x.ID, VerbAsk, ""); fault.Of(err).Kind != fault.NotFound {
			t.Errorf("a stranger asks: %v", err)
		}
		if _, _, err := w.Decide(t.Context(), w.lab, x.ID, VerbAsk, "是我们"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Decide(t.Context(), w.lab, x.ID, VerbConfirm, ""); err == nil {
			t.Error("the organisation confirms itself")
		}
		if _, _, err := w.Decide(t.Context(), w.officer, x.ID, VerbConfirm, ""); err != nil {
			t.Fatal(err)
		}
		if by, _ := w.ids.TakenOverBy(t.Context(), w.DB, same); by != w.lab.Org {
			t.Errorf("taken over by %q", by)
		}
		w.settle()
		w.sound()
		if _, kept, err := w.Decide(t.Context(), w.officer, x.ID, VerbGiveBack, ""); err != nil || len(kept) > 0 {
			t.Errorf("%v %v", kept, err)
		}
		if by, _ := w.ids.TakenOverBy(t.Context(), w.DB, same); by != "" {
			t.Error("not given back")
		}
	})
}

func TestResolve(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		zju, zjut := w.public("浙江大学", "Zhejiang University", "00a2xv884"), w.public("浙江工业大学", "Zhejiang University of Technology", "")
		w.public("浙江师范大学", "", "")
		w.settle()
		for text, want := range map[string]string{
			"浙江大学": zju, "浙大": zju, "ZJU": zju, "zhejiangdaxue": zju, "Zhejiang Universiti": zju, "浙江大學": zju, "ＺＨＥＪＩＡＮＧ UNIVERSITY": zju,
			"浙工大": zjut, "浙江工业大学（屏峰校区）": zjut, "Zhejiang University of Technology": zjut,
		} {
			hits, err := w.Resolve(t.Context(), w.DB, text)
			if err != nil || len(hits) == 0 || hits[0].Org.ID != want {
				t.Errorf("%s: %+v %v", text, hits, err)
			}
		}
		for _, text := range []string{"江苏大学", "", "大学", "浙江"} {
			if _, ok, err := w.Means(t.Context(), w.DB, text); ok || err != nil {
				t.Errorf("%q means somebody (%v)", text, err)
			}
		}
		if names, err := w.Aliases(t.Context(), w.DB, []string{zju}); err != nil || !slices.Contains(names[zju], "浙大") {
			t.Errorf("%v %v", names, err)
		}
	})
}
