package scenario

import (
	"net/http"
	"testing"
	"time"
)

// The time a firm wants is taken. It waits; the other firm cancels; the time is held for it and nobody else can have it, not
// even who gave it up; it takes the offer with one click. The laboratory cannot keep the time after all and proposes another,
// which the firm takes as well.
func TestATimeIsWaitedFor(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		resource, free := w.freeSlots(3)
		s, other := free[0], free[2]
		type order struct{ ID, Number, State, Provider string }
		var taken, mine order
		book := func(login string, s slot) answer {
			return w.call(login, http.MethodPost, "/api/v1/orders", map[string]any{"kind": "booking", "resource": resource, "start": s.Start, "end": s.End})
		}
		book("firm2", s).into(t, &taken)
		from, err1 := time.Parse(time.RFC3339, s.Start)
		to, err2 := time.Parse(time.RFC3339, s.End)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		zone := time.FixedZone("", 8*3600)
		from, to = from.In(zone), to.In(zone)
		var place struct {
			ID, State string
			Place     int
			Offers    []struct{ ID, State string }
		}
		a := w.call("firm", http.MethodPost, "/api/v1/waits", map[string]any{
			"resource": resource, "from_day": from.Format(time.DateOnly), "to_day": from.Format(time.DateOnly), "from_minute": from.Hour()*60 + from.Minute(),
			"to_minute": to.Hour()*60 + to.Minute(), "minutes": int(to.Sub(from) / time.Minute), "purpose": "示例·断口形貌",
		})
		if a.status != http.StatusCreated {
			t.Fatalf("wait: %d %s", a.status, a.body)
		}
		a.into(t, &place)
		if place.State != "waiting" || place.Place < 1 {
			t.Fatalf("the place: %+v", place)
		}
		if a := w.call("firm2", http.MethodPost, "/api/v1/orders/"+taken.ID+"/cancel", map[string]any{"note": "示例·不做了"}); a.status != http.StatusOK {
			t.Fatalf("cancel: %d %s", a.status, a.body)
		}
		w.call("firm", http.MethodGet, "/api/v1/waits/"+place.ID, nil).into(t, &place)
		if place.State != "offered" || len(place.Offers) != 1 {
			t.Fatalf("after the cancellation: %+v", place)
		}
		if a := book("firm2", s); a.problem() != "slot-taken" {
			t.Errorf("who gave the time up books it again: %d %s", a.status, a.body)
		}
		offer := "/api/v1/offers/" + place.Offers[0].ID
		if a := w.call("firm2", http.MethodPost, offer+"/take", map[string]any{}); a.status != http.StatusForbidden {
			t.Errorf("a stranger takes the offer: %d", a.status)
		}
		w.call("firm", http.MethodPost, offer+"/take", map[string]any{}).into(t, &struct{ Order *string }{&mine.ID})
		w.call("firm", http.MethodGet, "/api/v1/orders/"+mine.ID, nil).into(t, &mine)
		if mine.State != "requested" {
			t.Fatalf("the order: %+v", mine)
		}
		w.proposed(resource, mine.ID, other)
		w.verified()
	})
}

// proposed lets the laboratory refuse an order and propose another time, which the firm takes: it is accepted at once.
func (w *world) proposed(resource, orderID string, s slot) {
	w.t.Helper()
	var offer struct{ ID, Kind, State string }
	done := false
	for _, login := range []string{"lab", "lab2", "wuzhen", "qingpu"} {
		a := w.call(login, http.MethodPost, "/api/v1/orders/"+orderID+"/suggest", map[string]any{"resource": resource, "start": s.Start, "end": s.End, "note": "示例·当天保养"})
		if a.status == http.StatusOK {
			a.into(w.t, &offer)
			done = true
			break
		}
	}
	if !done || offer.Kind != "instead" {
		w.t.Fatalf("nobody proposes: %+v", offer)
	}
	var taken struct{ Order string }
	a := w.call("firm", http.MethodPost, "/api/v1/offers/"+offer.ID+"/take", map[string]any{})
	if a.status != http.StatusOK {
		w.t.Fatalf("take what was proposed: %d %s", a.status, a.body)
	}
	a.into(w.t, &taken)
	var now struct{ State string }
	w.call("firm", http.MethodGet, "/api/v1/orders/"+taken.Order, nil).into(w.t, &now)
	if now.State != "accepted" {
		w.t.Errorf("the order that was proposed is %s", now.State)
	}
}
