package catalogue

import (
	"reflect"
	"testing"

	"qiao/internal/identity"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

func draft() Draft {
	return Draft{
		Kind: "instrument", Booking: true, Voucher: true, Access: []string{"self", "mail_in"},
		Values: map[string]any{"name_zh": "示例扫描电镜", "model": "X-1", "class": "010100", "worth": "300.5", "subjects": []any{"材料科学"}, "customs": false, "source_id": "S-1"},
		Prices: []PriceLine{{Audience: "external", Unit: "hour", Amount: 40000}, {Audience: "internal", Unit: "hour", Amount: 20000, From: "2026-01-01", To: "2026-06-30"}},
	}
}

func TestTheLifeOfAResource(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r, err := w.Create(ctx, w.Lab, "key", draft())
		if err != nil || r.Status != StatusDraft || r.Revision != 1 || r.Region != "330402" || r.Bookable || !r.Sample {
			t.Fatalf("%+v %v", r, err)
		}
		if again, err := w.Create(ctx, w.Lab, "key", draft()); err != nil || again.ID != r.ID {
			t.Fatalf("the same request: %v %v", again.ID, err)
		}
		if _, err := w.Create(ctx, w.Lab, "other", draft()); !fault.Is(err, "source-id-taken") {
			t.Errorf("the same number: %v", err)
		}
		if _, err := w.Resource(ctx, w.DB, r.ID); !fault.Is(err, "resource-not-found") {
			t.Errorf("a draft is public: %v", err)
		}
		if _, err := w.Do(ctx, w.Other, r.ID, "publish", ""); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("a stranger publishes: %v", err)
		}
		if r, err = w.Do(ctx, w.Lab, r.ID, "publish", ""); err != nil || !r.Bookable || r.Price.Amount != 40000 {
			t.Fatalf("published: %+v %v", r, err)
		}
		d := draft()
		d.Values["model"], d.Values["source_id"] = "X-2", "S-2"
		if _, err := w.Save(ctx, w.Lab, r.ID, 1, d); !fault.Is(err, "resource-changed") {
			t.Errorf("a stale edit: %v", err)
		}
		if r, err = w.Save(ctx, w.Lab, r.ID, 2, d); err != nil || r.Model != "X-2" || r.Revision != 3 {
			t.Fatalf("edited: %+v %v", r, err)
		}
		if same, err := w.Save(ctx, w.Lab, r.ID, 3, d); err != nil || same.Revision != 3 {
			t.Errorf("an edit that changes nothing makes revision %d, %v", same.Revision, err)
		}
		if _, err := w.Do(ctx, w.Lab, r.ID, "suspend", " "); !fault.Is(err, "reason-needed") {
			t.Errorf("suspended without a reason: %v", err)
		}
		for _, verb := range []string{"suspend", "resume", "withdraw"} {
			if _, err := w.Do(ctx, w.Lab, r.ID, verb, "维修"); err != nil {
				t.Fatalf("%s: %v", verb, err)
			}
		}
		if _, err := w.Resource(ctx, w.DB, r.ID); !fault.Is(err, "resource-gone") {
			t.Errorf("withdrawn: %v", err)
		}
		revisions, err := listRevisions(ctx, w.DB, r.ID, 0, 100)
		if err != nil || len(revisions) != 6 || revisions[3].Verb != "edit" {
			t.Fatalf("%+v %v", revisions, err)
		}
		changes, err := revisions[3].List()
		want := []Change{{"source_id", "S-1", "S-2"}, {"model", "X-1", "X-2"}}
		if err != nil || !sameChanges(changes, want) {
			t.Errorf("changes %+v %v", changes, err)
		}
		if found, err := w.Verify(ctx, w.DB); err != nil || len(found) != 0 {
			t.Errorf("verify: %v %v", found, err)
		}
	})
}

func sameChanges(a, b []Change) bool {
	index := func(l []Change) map[string]Change {
		m := map[string]Change{}
		for _, c := range l {
			m[c.Field] = c
		}
		return m
	}
	return reflect.DeepEqual(index(a), index(b))
}

func TestBadDraftsNameEveryField(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	d := Draft{Kind: "instrument", Region: "33", Access: []string{"fly"}, Values: map[string]any{"class": "99", "worth": "x", "customs": 5.0, "colour": "red"},
		Prices: []PriceLine{{Audience: "friends", Unit: "hour"}, {Audience: "external", Unit: "moon"}, {Audience: "external", Unit: "hour", Amount: -1}, {Audience: "external", Unit: "day", From: "2026-02-01", To: "2026-01-01"}}}
	_, err := w.Create(t.Context(), w.Lab, "", d)
	got := map[string]string{}
	for _, f := range fault.Of(err).Fields {
		got[f.Name] = f.Code
	}
	want := map[string]string{"name_zh": "required", "class": "not-a-class", "worth": "not-an-amount", "customs": "not-a-flag", "colour": "unknown-field", "access": "not-a-choice",
		"prices[0].audience": "not-a-choice", "prices[1].unit": "not-a-choice", "prices[2].amount": "not-an-amount", "prices[3].to": "before-from"}
	if !fault.Is(err, "resource-invalid") || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	if _, err := w.Create(t.Context(), identity.Subject{}, "", draft()); fault.Of(err).Kind != fault.Unauthenticated {
		t.Errorf("a visitor creates: %v", err)
	}
}

func TestHours(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r, err := w.Create(ctx, w.Lab, "", draft())
		if err != nil {
			t.Fatal(err)
		}
		hours := func() []Opening {
			h, err := w.Hours(ctx, w.DB, r.ID)
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		if !reflect.DeepEqual(hours(), DefaultHours()) {
			t.Errorf("at first %v", hours())
		}
		owners := []Opening{{1, "08:00", "24:00"}}
		if err := w.SetOwnerHours(ctx, w.Lab, owners); err != nil || !reflect.DeepEqual(hours(), owners) {
			t.Errorf("the owner's: %v %v", hours(), err)
		}
		own := []Opening{{2, "09:00", "12:00"}, {2, "13:00", "17:00"}}
		if err := w.SetHours(ctx, w.Lab, r.ID, own); err != nil || !reflect.DeepEqual(hours(), own) {
			t.Errorf("its own: %v %v", hours(), err)
		}
		for code, bad := range map[string][]Opening{
			"not-a-weekday": {{8, "09:00", "10:00"}}, "not-a-time": {{1, "9:00", "10:00"}}, "before-from": {{1, "10:00", "10:00"}}, "overlap": {{1, "09:00", "12:00"}, {1, "11:00", "13:00"}},
		} {
			if err := w.SetHours(ctx, w.Lab, r.ID, bad); !fault.Is(err, "hours-invalid") || fault.Of(err).Fields[0].Code != code {
				t.Errorf("%s: %v", code, err)
			}
		}
		if err := w.SetHours(ctx, w.Other, r.ID, nil); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("a stranger: %v", err)
		}
	})
}

func TestHeadlinePrice(t *testing.T) {
	line := func(audience, unit string, amount money.Fen, from, to string) PriceLine {
		return PriceLine{Audience: audience, Unit: unit, Amount: amount, From: from, To: to}
	}
	for _, c := range []struct {
		lines []PriceLine
		want  money.Fen
	}{
		{nil, 0},
		{[]PriceLine{line("internal", "hour", 1, "", ""), line("external", "sample", 9, "", "")}, 9},
		{[]PriceLine{line("external", "sample", 5, "", ""), line("external", "hour", 9, "", "")}, 9},
		{[]PriceLine{line("external", "hour", 9, "", ""), line("external", "hour", 7, "", "")}, 7},
		{[]PriceLine{line("external", "hour", 5, "2027-01-01", ""), line("external", "hour", 9, "", "2026-11-21")}, 9},
		{[]PriceLine{line("external", "hour", 5, "", "2026-11-20")}, 0},
	} {
		if got := headline(c.lines, "2026-11-21"); got.Amount != c.want {
			t.Errorf("%+v: %d", c, got.Amount)
		}
	}
}
