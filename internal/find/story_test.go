package find

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/textindex"
	"qiao/internal/platform/ui"
)

// world is find over a catalogue with one provider.
type world struct {
	*Service
	t     *testing.T
	clock *clock.Fake
	lab   identity.Subject
	firm  identity.Subject
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	policy, err := identity.NewPolicy()
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewFake(time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC))
	ids := identity.New(identity.Deps{DB: d, Clock: c, Policy: policy, Root: "330400"})
	engine := textindex.New(textindex.NewAnalyser(), textindex.Options{})
	cat := catalogue.New(catalogue.Deps{DB: d, Clock: c, Policy: policy, Orgs: ids, Index: engine, Blobs: files, Node: "test", Root: "330400", Address: "https://qiao.example"})
	w := &world{t: t, clock: c, Service: New(Deps{DB: d, Clock: c, Policy: policy, Catalogue: cat, Orgs: ids, Engine: engine, Root: "330400", Layout: func(_ string, codes []string) []ui.Tile {
		var out []ui.Tile
		for i, x := range codes {
			out = append(out, ui.Tile{Col: i + 1, Row: 1, Label: x})
		}
		return out
	}})}
	var org string
	err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		org, _, err = ids.PutUnclaimed(ctx, tx, identity.Organisation{NameZH: "示例·南湖检测研究院", Kind: identity.Kinds()[0], Region: "330402", Source: "test", SourceID: "1", Sample: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.lab = identity.Subject{Person: "p-lab", Membership: "m", Org: org, OrgStatus: identity.StatusVerified, Role: "admin", Region: "330402", Capacities: []string{"provider"}, Sample: true}
	w.firm = identity.Subject{Person: "p-firm", Membership: "f", Org: "firm", OrgStatus: identity.StatusVerified, Role: "admin", Region: "330402", Capacities: []string{"enterprise"}}
	return w
}

// put publishes an instrument and brings it into the index.
func (w *world) put(name string) string {
	w.t.Helper()
	r, err := w.Catalogue.Create(w.t.Context(), w.lab, name, catalogue.Draft{Kind: "instrument", Values: map[string]any{"name_zh": name}, Free: true})
	if err == nil {
		r, err = w.Catalogue.Do(w.t.Context(), w.lab, r.ID, "publish", "")
	}
	if err == nil {
		err = w.Catalogue.Reindex(w.t.Context(), []string{r.ID})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return r.ID
}

func (w *world) events() int64 {
	w.t.Helper()
	n, err := db.One[int64](w.t.Context(), w.DB, `SELECT count(*) FROM outbox_event WHERE name = 'find.matched'`)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestASavedSearchTellsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		w.put("示例·扫描电镜一号")
		once, err := w.Save(ctx, w.firm, "k", "电镜", "q=扫描电镜&view=table", AlertOnce)
		if err != nil || strings.Contains(once.Query, "view") {
			t.Fatal(once, err)
		}
		if _, err := w.Save(ctx, w.firm, "k2", "电镜", "q=扫描电镜", AlertDaily); err != nil {
			t.Fatal(err)
		}
		for name, in := range map[string][3]string{"no name": {"", "q=x", AlertOnce}, "no query": {"a", "", AlertOnce}, "no alert": {"a", "q=x", "hourly"}} {
			if _, err := w.Save(ctx, w.firm, name, in[0], in[1], in[2]); !fault.Is(err, "search-invalid") {
				t.Errorf("%s: %v", name, err)
			}
		}
		tell := func(want int64) {
			t.Helper()
			if err := w.Tell(ctx); err != nil {
				t.Fatal(err)
			}
			if n := w.events(); n != want {
				t.Fatalf("%d alerts, want %d", n, want)
			}
		}
		tell(0)
		w.clock.Advance(time.Minute)
		w.put("示例·扫描电镜二号")
		w.put("示例·质谱仪")
		tell(1) // the one that tells at once
		tell(1)
		w.clock.Advance(24 * time.Hour)
		tell(2) // the daily one
		tell(2)
		v, err := w.view(ctx, once)
		if err != nil || v.Total != 2 || len(v.New) != 1 {
			t.Fatal(v.Total, len(v.New), err)
		}
		if err := w.Look(ctx, w.lab, once.ID); !fault.Is(err, "search-not-found") {
			t.Errorf("somebody else looks: %v", err)
		}
		if err := w.SetAlert(ctx, w.firm, once.ID, AlertNone); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Minute)
		w.put("示例·扫描电镜三号")
		tell(2)
		if err := w.Forget(ctx, w.firm, once.ID); err != nil {
			t.Fatal(err)
		}
		if list, err := w.Searches(ctx, w.firm); err != nil || len(list) != 1 {
			t.Fatal(len(list), err)
		}
	})
}

func TestWhatIsKeptAndCompared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := i18n.With(t.Context(), i18n.ZH, nil)
		a, b := w.put("示例·甲"), w.put("示例·乙")
		for range 2 {
			if err := w.Keep(ctx, w.firm, a, "明年", "先问价"); err != nil {
				t.Fatal(err)
			}
		}
		if list, found, err := w.Favourites(ctx, w.firm); err != nil || len(list) != 1 || list[0].Note != "先问价" || found[a].ID != a {
			t.Fatal(list, err)
		}
		if err := w.Keep(ctx, w.firm, "00000000-0000-7000-8000-000000000000", "", ""); err == nil {
			t.Error("what is not there is kept")
		}
		if err := w.Drop(ctx, w.firm, a); err != nil {
			t.Fatal(err)
		}
		things, lines, err := w.Compare(ctx, []string{a, b, a, "no"})
		if err != nil || len(things) != 2 || len(lines) < 6 {
			t.Fatal(len(things), len(lines), err)
		}
		if i := slices.IndexFunc(lines, func(l Line) bool { return l.Label == "价格" }); i != 0 || lines[i].Values[0] != "免费" || !lines[i].Same {
			t.Errorf("%+v", lines[0])
		}
		m, _, total, err := w.tiles(ctx, url.Values{"q": {"示例"}})
		if err != nil || total != 2 || len(m.Tiles) != 1 || m.Tiles[0].Value != 2 || !strings.Contains(m.Tiles[0].Href, "region=330402") {
			t.Errorf("%+v %d %v", m, total, err)
		}
		signedIn := identity.WithSubject(ctx, w.firm)
		w.Opened(signedIn, "p-firm", catalogue.Resource{ID: a}, "")
		if err := w.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if list, err := listSeen(ctx, w.DB, "p-firm", 9); err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		if err := w.ForgetSeen(ctx, w.firm); err != nil {
			t.Fatal(err)
		}
		if list, err := listSeen(ctx, w.DB, "p-firm", 9); err != nil || len(list) != 0 {
			t.Fatal(list, err)
		}
	})
}

// A text is written down only when enough different sessions typed it; everything else is added up.
func TestTheLogNamesNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		ask := func(visitor, text string, total int) string {
			return w.Asked(ctx, catalogue.Asked{Visitor: visitor, Text: text, Total: total, Facets: []string{"kind"}})
		}
		for i := range 4 {
			who := fmt.Sprintf("10.0.0.%d", i)
			ask(who, "跑片子", 0)
			mark := ask(who, "  扫描电镜 ", 3)
			w.Opened(ctx, who, catalogue.Resource{ID: "r1"}, mark+".2")
			w.Opened(ctx, who, catalogue.Resource{ID: "r1"}, mark+".2") // counts once
		}
		for range 9 {
			ask("10.0.0.9", "张三 13800001111 zhang@example.org", 0) // one session, however often
		}
		for range 2 { // a second flush changes nothing
			if err := w.Flush(ctx); err != nil {
				t.Fatal(err)
			}
		}
		v, err := w.evidence(ctx)
		if err != nil || len(v.Entries) != 2 || len(v.Nothing) != 1 || v.Nothing[0].Text != "跑片子" || v.Rare.Asked != 9 {
			t.Fatalf("%+v %v", v, err)
		}
		i := slices.IndexFunc(v.Entries, func(e Entry) bool { return e.Text == "扫描电镜" })
		if e := v.Entries[i]; e.Asked != 4 || e.Sessions != 4 || e.Opened != 4 || e.place() != "2.0" {
			t.Errorf("%+v", e)
		}
		if len(v.Facets) != 1 || v.Facets[0].N != 17 {
			t.Errorf("%+v", v.Facets)
		}
		all, err := db.All[string](ctx, w.DB, `SELECT text FROM find_query`)
		if err != nil || slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, "张三") }) {
			t.Fatal(all, err)
		}
		if found, err := w.Verify(ctx, w.DB); err != nil || len(found) != 0 {
			t.Fatal(found, err)
		}
		var proposed db.Where
		proposed.And("state = ?", StateProposed)
		learnt, err := listSynonyms(ctx, w.DB, &proposed)
		if err != nil || len(learnt) != 1 || learnt[0].joined() != "跑片子 → 扫描电镜" {
			t.Fatal(learnt, err)
		}
		w.clock.Advance(500 * 24 * time.Hour)
		if err := w.Flush(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSynonymsWorkOnceApproved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		operator := identity.Subject{Person: "p-op", Membership: "o", Org: "op", OrgStatus: identity.StatusVerified, Role: "staff", Capacities: []string{"operator"}}
		w.put("示例·布氏漏斗机")
		found := func() int {
			n, err := w.Catalogue.Count(ctx, catalogue.Query{Text: "蓝精灵", AsTyped: true})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if err := w.Seed(ctx); err != nil {
			t.Fatal(err)
		}
		x, err := w.Propose(ctx, operator, "k", "蓝精灵，布氏漏斗机", false, "")
		if err != nil || found() != 0 {
			t.Fatal(found(), err)
		}
		if _, err := w.Propose(ctx, operator, "k3", "一个", false, ""); !fault.Is(err, "synonym-invalid") {
			t.Errorf("one word is taken: %v", err)
		}
		if err := w.Decide(ctx, w.firm, x.ID, "approve"); err == nil {
			t.Error("a firm approves")
		}
		if err := w.Decide(ctx, operator, x.ID, "approve"); err != nil || found() != 1 {
			t.Fatal(found(), err)
		}
		if err := w.Decide(ctx, operator, x.ID, "refuse"); !fault.Is(err, "state-conflict") {
			t.Errorf("refused after approval: %v", err)
		}
		if err := w.Decide(ctx, operator, x.ID, "retire"); err != nil || found() != 0 {
			t.Fatal(found(), err)
		}
	})
}

// Whatever is typed: folding is stable, and no long number or address stays.
func TestNormalIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		n := normal(text)
		if again := normal(n); again != n {
			t.Fatalf("%q → %q → %q", text, n, again)
		}
		if longNumber.MatchString(n) || mail.MatchString(n) {
			t.Fatalf("%q stays in %q", text, n)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	f.Add("q=a&kind=instrument&kind=service")
	f.Add("view=table&compare=x&region=330400&region=330400")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		c := Canonical(values)
		again, err := url.ParseQuery(c)
		if err != nil || Canonical(again) != c {
			t.Fatalf("%q → %q (%v)", query, c, err)
		}
	})
}

func FuzzWordsOf(f *testing.F) {
	f.Add("扫描电镜，SEM\nsem")
	f.Fuzz(func(t *testing.T, text string) {
		seen := map[string]bool{}
		for _, w := range wordsOf(text) {
			if key := strings.ToLower(w); w == "" || seen[key] || strings.ContainsAny(w, "\n,") {
				t.Fatalf("%q gives %q", text, w)
			} else {
				seen[key] = true
			}
		}
	})
}
