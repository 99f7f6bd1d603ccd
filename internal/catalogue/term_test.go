package catalogue

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"

	"pgregory.net/rapid"
)

func TestTermOf(t *testing.T) {
	terms := []CheckTerm{{Since: "2000-01-01", Days: 180}, {Region: "330402", Since: "2026-12-01", Days: 40}, {Region: "330402", Since: "2026-01-01", Days: 30}, {Region: "330400", Since: "2026-01-01", Days: 90}, {Region: "330000", Since: "2026-06-01", Days: 120}}
	for _, c := range []struct {
		region, day string
		want        int
	}{{"330402", "2026-11-21", 30}, {"330402", "2026-12-01", 40}, {"330411", "2026-11-21", 90}, {"330106", "2026-11-21", 120}, {"330106", "2026-05-31", 180}, {"310101", "2026-11-21", 180}, {Abroad, "2026-11-21", 180}} {
		if got := TermOf(terms, c.region, c.day).Days; got != c.want {
			t.Errorf("%s on %s: %d, want %d", c.region, c.day, got, c.want)
		}
	}
}

// authority is somebody who acts for the authority of a region.
func authority(region string) identity.Subject {
	return identity.Subject{Person: "officer", Org: "bureau", OrgStatus: identity.StatusVerified, Role: "officer", Region: region, Capacities: []string{"authority"}}
}

// Whatever the days of two looks are, Turn names every record of which something derived differs on them.
func TestTurnNamesWhatDaysChange(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		first := "2026-05-01"
		for i := range 40 {
			r := w.published(i)
			day, err := clock.AddDays(first, i*7)
			if err != nil {
				t.Fatal(err)
			}
			end, err := clock.AddDays(day, i)
			if err != nil {
				t.Fatal(err)
			}
			err = w.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
				if _, err := tx.Exec(ctx, `UPDATE catalogue_resource SET checked_on = $2, region = $3 WHERE id = $1`, r.ID, day, []string{"330402", "330411"}[i%2]); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `UPDATE catalogue_price SET valid_from = $2, valid_to = $3 WHERE resource = $1 AND audience = 'external'`, r.ID, day, end)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		terms := append(CheckTerms(), CheckTerm{Region: "330402", Since: "2026-12-01", Days: 40, Warn: 5, Again: 5})
		w.terms.Store(&terms)
		list := w.all(w.Lab)
		rapid.Check(t, func(t *rapid.T) {
			a, err := clock.AddDays(first, rapid.IntRange(0, 400).Draw(t, "from"))
			if err != nil {
				t.Fatal(err)
			}
			b, err := clock.AddDays(a, rapid.IntRange(1, 60).Draw(t, "days"))
			if err != nil {
				t.Fatal(err)
			}
			got, err := w.turned(ctx, w.DB, a, b)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list {
				k := w.kindOf(r)
				then, now := r.clone(), r.clone()
				then.settle(a, k, w.term(r.Region, a))
				now.settle(b, k, w.term(r.Region, b))
				if (then.Freshness != now.Freshness || then.Price != now.Price || then.Bookable != now.Bookable) && !slices.Contains(got, r.ID) {
					t.Fatalf("%s checked on %s: %s and %s, %v and %v, and not named", r.ID, r.CheckedOn, then.Freshness, now.Freshness, then.Price, now.Price)
				}
			}
		})
	})
}

// The facet follows the passing of days, and the index is what Verify says it is.
func TestTheFacetFollowsTheDays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.published(1)
		if err := w.Rebuild(ctx); err != nil {
			t.Fatal(err)
		}
		told := func() []string {
			list, err := db.All[string](ctx, w.DB, `SELECT body FROM outbox_event WHERE name = 'resource.turned'`)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		for _, c := range []struct {
			days int
			want string
			told int
		}{{0, Fresh, 1}, {140, Fresh, 1}, {15, Due, 2}, {30, Stale, 3}} {
			w.Clock.Advance(time.Duration(c.days) * 24 * time.Hour)
			if err := w.Turn(ctx); err != nil {
				t.Fatal(err)
			}
			if got := told(); len(got) != c.told {
				t.Fatalf("after %d days more: told of %v", c.days, got)
			}
			if err := w.Reindex(ctx, idsOf(w.all(w.Lab))); err != nil { // what the application does with the events
				t.Fatal(err)
			}
			if found := w.find(Query{Fresh: []string{c.want}}); found.Total != 1 {
				t.Errorf("after %d days more: %d are %s", c.days, found.Total, c.want)
			}
			if found, err := w.Verify(ctx, w.DB); err != nil || len(found) != 0 {
				t.Errorf("verify: %v %v", found, err)
			}
		}
	})
}

func TestARegionSetsItsTerm(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.LoadRegions()
		r := w.published(1)
		mine := CheckTerm{Region: "330402", Since: "2026-11-21", Days: 30, Warn: 7, Again: 7, Review: true, Source: "示例办法第三条"}
		if err := w.SetTerm(ctx, authority("330411"), mine); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("another region's authority: %v", err)
		}
		bad := CheckTerm{Region: "330403", Since: "2026-11-20", Days: 3, Warn: 9}
		if err := w.SetTerm(ctx, authority("330400"), bad); fault.Of(err) == nil || len(fault.Of(err).Fields) < 5 {
			t.Errorf("a bad one: %+v", fault.Of(err))
		}
		if err := w.SetTerm(ctx, authority("330402"), mine); err != nil {
			t.Fatal(err)
		}
		mine.Days = 45
		if err := w.SetTerm(ctx, authority("330402"), mine); err != nil { // it may change its mind the same day
			t.Fatal(err)
		}
		if got := w.Terms("330411"); len(got) != 1 {
			t.Errorf("another county sees %+v", got)
		}
		if got := w.Terms("330400"); len(got) != 2 || got[1].Days != 45 {
			t.Errorf("the city sees %+v", got)
		}
		if n, err := db.One[int](ctx, w.DB, `SELECT count(*) FROM outbox_event WHERE name = 'resource.turned' AND body LIKE '%'||$1||'%'`, r.ID); err != nil || n != 2 {
			t.Errorf("told %d times: %v", n, err)
		}
		next, err := w.Create(ctx, w.Lab, "", draft())
		if err == nil {
			next, err = w.Do(ctx, w.Lab, next.ID, "publish", "")
		}
		if err != nil || next.Status != StatusReview {
			t.Errorf("published without a review: %s %v", next.Status, err)
		}
	})
}

func TestCheckTermsOnTheirPage(t *testing.T) {
	s := newSite(t)
	s.LoadRegions()
	s.People["officer"] = authority("330402")
	if d := s.Page("officer", "/desk/check-terms", 200); d.Find("tbody tr").Length() != 1 || shown(d, "days")[0] != "180" {
		t.Errorf("%d terms, %q", d.Find("tbody tr").Length(), shown(d, "days"))
	}
	f := url.Values{"region": {"330402"}, "since": {"2026-11-21"}, "days": {"许多"}, "warn": {"7"}, "again": {"7"}, "review": {yes}, "source": {"示例办法"}}
	if d := s.Document(s.Post("officer", "/desk/check-terms", f), "bad", 422); shown(d, "days")[0] != "许多" || shown(d, "source")[0] != "示例办法" || d.Find("a[href='#f-days']").Length() != 1 {
		t.Error("what was typed is lost")
	}
	f.Set("days", "30")
	if w := s.Post("lab", "/desk/check-terms", f); w.Code != 403 {
		t.Errorf("a provider sets it: %d", w.Code)
	}
	if w := s.Post("officer", "/desk/check-terms", f); w.Code != 303 {
		t.Fatalf("set: %d %.400s", w.Code, w.Body)
	}
	d := s.Page("officer", "/desk/check-terms", 200, "Accept-Language", "en")
	if d.Find("tbody tr").Length() != 2 || !strings.Contains(d.Text(), "Second person") {
		t.Errorf("%s", d.Find("tbody").Text())
	}
}
