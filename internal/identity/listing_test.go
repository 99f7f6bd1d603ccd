package identity

import (
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func TestListing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		o := w.register(t, firm("")) // waits: in no list
		pub := w.putUnclaimed(t, Organisation{NameZH: "研究院", Region: "330402", Kind: "institute", Source: "ROR", SourceID: "1"})
		seen, after := map[string]bool{}, ""
		for {
			page, err := w.Listed(ctx, d, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range page {
				seen[x.ID], after = true, x.ID
			}
			if len(page) < 2 {
				break
			}
		}
		if len(seen) != 3 || !seen[pub] || !seen[w.authority.ID] || seen[o.ID] {
			t.Errorf("listed %v", seen)
		}
		counts, err := w.CountListed(ctx, d)
		if err != nil || len(counts) != 2 || counts[0] != (Count{"government", "330400", 2}) {
			t.Errorf("counts %v, %v", counts, err)
		}
		for code, want := range map[string]int{"330402": 1, "330400": 1, "330000": 0, "310115": 0} {
			if orgs, err := w.Authorities(ctx, d, code); err != nil || len(orgs) != want {
				t.Errorf("authorities of %s: %v, %v", code, orgs, err)
			}
		}
		names, err := w.Names(ctx, d, []string{w.officer.Person, "nobody"})
		if err != nil || len(names) != 1 || names[w.officer.Person] != "测试人" {
			t.Errorf("names %v, %v", names, err)
		}
		if p, err := w.Person(ctx, d, w.officer.Person); err != nil || p.Email != "officer@test.cn" {
			t.Errorf("person %v, %v", p, err)
		}
		_, err = w.Person(ctx, d, "nobody")
		wants(t, err, "person-not-found")
		people, err := w.People(ctx, d, o.ID, RoleAdmin, RoleStaff)
		if err != nil || len(people) != 1 || people[0].Email != "firm@test.cn" {
			t.Errorf("people %v, %v", people, err)
		}
		if people, err = w.People(ctx, d, o.ID, RoleFinance); err != nil || len(people) != 0 {
			t.Errorf("people %v, %v", people, err)
		}
	})
}
