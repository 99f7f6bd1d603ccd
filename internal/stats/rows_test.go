package stats_test

import (
	"encoding/json"
	"strings"
	"testing"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/stats"
)

// secrets are what a masked row must never hold.
func secrets() []string {
	return []string{firm, firm2, lab, "禾城", "当湖", "南湖检测", "Hecheng", "Danghu", "Testing", "o1", "o2", "n1", "g1", "c1", "2026-11-1"}
}

func TestMaskedRowsTellNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := service(t, d)
		record(t, d, s, story()...)
		stranger := identity.Subject{Person: "p", Org: "other", Region: "330421", Capacities: []string{identity.CapacityAuthority}} // of another district
		for _, by := range []identity.Subject{{}, stranger} {
			for _, def := range stats.Definitions() {
				rows, next, err := s.Rows(t.Context(), by, def, s.Today(), "", 100)
				if err != nil || next != "" {
					t.Fatal(err, next)
				}
				raw, err := json.Marshal(rows)
				if err != nil {
					t.Fatal(err)
				}
				for _, secret := range secrets() {
					if strings.Contains(string(raw), secret) {
						t.Errorf("%s: a masked row tells %q: %s", def.Code, secret, raw)
					}
				}
				for _, r := range rows {
					if !r.Masked {
						t.Errorf("%s: a row is not masked", def.Code)
					}
				}
			}
		}
	})
}

func TestTheAuthoritySeesItsOwnRegion(t *testing.T) {
	d := dbtest.SQLite(t)
	s, _ := service(t, d)
	record(t, d, s, story()...)
	officer := identity.Subject{Person: "p", Org: "bureau", Region: "330402", Capacities: []string{identity.CapacityAuthority}}
	def, _ := stats.Lookup("match-rate")
	rows, _, err := s.Rows(t.Context(), officer, def, s.Today(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	whole, masked, counted := 0, 0, 0
	for _, r := range rows {
		if r.Masked {
			masked++
		} else if strings.Contains(r.Asker, "禾城") && r.Object != "" && len(r.When) == 10 {
			whole++
		}
		if r.Counted {
			counted++
		}
	}
	if whole != 2 || masked != 1 || counted != 1 {
		t.Errorf("%d whole, %d masked, %d counted, want 2, 1, 1: %v", whole, masked, counted, rows)
	}
}

// The rows of a number, page by page, are each there once and add up to it.
func TestRowsAddUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := service(t, d)
		record(t, d, s, story()...)
		for _, def := range stats.Definitions() {
			if def.Formula.Form == stats.FormStock || def.Formula.Form == stats.FormMedian {
				continue
			}
			v, err := s.Number(t.Context(), def.Code, s.Today())
			if err != nil {
				t.Fatal(err)
			}
			if got := addUp(t, s, def); got != v.Numerator {
				t.Errorf("%s: rows add up to %d, the number is %d", def.Code, got, v.Numerator)
			}
		}
	})
}

func addUp(t *testing.T, s *stats.Service, def stats.Definition) (sum int64) {
	t.Helper()
	for cursor, pages := "", 0; ; pages++ {
		rows, next, err := s.Rows(t.Context(), identity.Subject{}, def, s.Today(), cursor, 2)
		if err != nil || pages > 20 {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, r := range rows {
			sum += share(def, r)
		}
		if next == "" {
			return sum
		}
		cursor = next
	}
}

func share(def stats.Definition, r stats.Row) int64 {
	n := map[string]int64{"": 1, "amount": int64(r.Amount), "minutes": r.Minutes, "score": r.Score}[def.Formula.Column]
	switch {
	case !r.Counted:
		return 0
	case r.Minus:
		return -n
	}
	return n
}

func TestACursorThatIsNone(t *testing.T) {
	d := dbtest.SQLite(t)
	s, _ := service(t, d)
	def, _ := stats.Lookup("orders")
	if _, _, err := s.Rows(t.Context(), identity.Subject{}, def, s.Today(), "x' OR 1=1", 10); err == nil {
		t.Error("an odd cursor was taken")
	}
}

// A county may have one university: of institutions only the city is told, in no column the county.
func TestAnInstitutionsCountyIsNotTold(t *testing.T) {
	d := dbtest.SQLite(t)
	s, _ := service(t, d)
	record(t, d, s, stats.Fact{Event: "e", Kind: stats.NeedPublished, At: start, Region: "330402", Org: lab, Object: "n"})
	def, _ := stats.Lookup("match-rate")
	rows, _, err := s.Rows(t.Context(), identity.Subject{}, def, s.Today(), "", 10)
	if err != nil || len(rows) != 1 || rows[0].Region != "嘉兴市" || rows[0].Asker != "某机构·嘉兴市" {
		t.Errorf("%+v, %v", rows, err)
	}
}
