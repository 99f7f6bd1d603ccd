package order

import (
	"net/http"
	"strings"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

// part is an amount as the API shows it.
type part struct {
	Amount   int64
	Currency string
}

// answered is what a caller reads of an order, or of the problem instead.
type answered struct {
	ID, State           string
	Price, Voucher, Own part
	Timeline            []struct{ At, Actor, Verb, From, To, Note string }
	Verbs               []string
	Type, Detail        string
}

// freeSlots are the slots of 2026-11-24 as an outside program reads them.
func freeSlots(s *site) []struct{ Start, End, State string } {
	s.t.Helper()
	var slots struct {
		Items []struct{ Start, End, State string }
	}
	if status := s.call("", "/api/v1/resources/sem/slots?from=2026-11-24&to=2026-11-24", nil, &slots); status != http.StatusOK || len(slots.Items) != 10 || slots.Items[1].State != "free" {
		s.t.Fatalf("slots %d %+v", status, slots)
	}
	return slots.Items
}

// What outside programs send and read: the bodies and names of the contract.
func TestTheContract(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d)
		slots := freeSlots(s)
		body := map[string]any{"kind": "booking", "resource": "sem", "start": slots[1].Start, "end": slots[1].End, "quantity": 1, "voucher_programme": "prog"}
		var estimate, o answered
		if status := s.call("firm", "/api/v1/orders/estimate", body, &estimate); status != http.StatusOK || estimate.Price.Amount != 30_000 || estimate.Voucher.Amount != 15_000 {
			t.Fatalf("estimate %d %+v", status, estimate)
		}
		if status := s.call("firm", "/api/v1/orders", body, &o); status != http.StatusCreated || o.State != "requested" || o.Own.Amount != 15_000 || o.Price.Currency != "CNY" || len(o.Timeline) != 1 {
			t.Fatalf("order %d %+v", status, o)
		}
		id := o.ID
		if status := s.call("rival", "/api/v1/orders", body, &o); status != http.StatusConflict || !strings.HasSuffix(o.Type, "/slot-taken") {
			t.Errorf("the rival: %d %s", status, o.Type)
		}
		s.purse.fund = 20_000
		body["start"], body["end"] = slots[2].Start, slots[2].End
		if status := s.call("firm", "/api/v1/orders", body, &o); status != http.StatusUnprocessableEntity || !strings.HasSuffix(o.Type, "/voucher-too-little") {
			t.Errorf("too little: %d %s", status, o.Type)
		}
		if status := s.call("", "/api/v1/orders", body, &o); status != http.StatusUnauthorized {
			t.Errorf("a visitor: %d", status)
		}
		var list struct{ Items []struct{ ID string } }
		if status := s.call("lab", "/api/v1/orders?side=provider", nil, &list); status != http.StatusOK || len(list.Items) != 1 || list.Items[0].ID != id {
			t.Errorf("list %d %+v", status, list)
		}
		s.wellVerified()
	})
}

// The verbs over the API, to confirmation and rating.
func TestTheVerbsOfTheContract(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d)
		id := s.place(firm(), book(1, 9, 1)).ID
		var o answered
		for _, step := range []struct {
			who, verb string
			body      map[string]any
		}{
			{"lab", "accept", map[string]any{}}, {"lab", "start", map[string]any{"at": at(-1, 9, 0)}}, {"lab", "stop", map[string]any{"at": at(-1, 10, 0)}},
			{"lab", "report", map[string]any{"files": []map[string]any{{"name": "报告.pdf", "content": []byte("%PDF-1.7")}}}},
			{"firm", "confirm", map[string]any{}}, {"firm", "rate", map[string]any{"stars": 4, "text": "不错"}},
		} {
			if status := s.call(step.who, "/api/v1/orders/"+id+"/"+step.verb, step.body, &o); status != http.StatusOK {
				t.Fatalf("%s: %d %s %s", step.verb, status, o.Type, o.Detail)
			}
		}
		if o.State != "confirmed" || len(o.Timeline) != 7 || o.Timeline[0].Actor != "示例·禾城新材料" {
			t.Errorf("%+v", o)
		}
		for body, want := range map[string]int{`{"at":"noon"}`: http.StatusUnprocessableEntity, `{`: http.StatusBadRequest, ``: http.StatusConflict} {
			if res, text := s.send("lab", "/api/v1/orders/"+id+"/start", "application/json", strings.NewReader(body)); res.StatusCode != want {
				t.Errorf("%q: %d %s", body, res.StatusCode, text)
			}
		}
		if status := s.call("lab", "/api/v1/orders/"+id+"/sing", map[string]any{}, nil); status != http.StatusNotFound {
			t.Errorf("an unknown verb: %d", status)
		}
	})
}

func TestRangesOfSlots(t *testing.T) {
	s := serve(t, dbtest.SQLite(t))
	for _, q := range []string{"?from=2026-11-24&to=2026-11-23", "?from=never", "?from=2026-01-01&to=2026-12-31", "?to=2026-13-01"} {
		if status := s.call("", "/api/v1/resources/sem/slots"+q, nil, nil); status != http.StatusBadRequest {
			t.Errorf("%s: %d", q, status)
		}
	}
	for q, want := range map[string]int{"": 7, "?from=2026-11-24T01:00:00Z&to=2026-11-24T03:00:00Z": 1} {
		var slots struct {
			Items []struct{ Start, End, State string }
		}
		if status := s.call("", "/api/v1/resources/sem/slots"+q, nil, &slots); status != http.StatusOK || len(slots.Items) < want || q != "" && len(slots.Items) != 2 {
			t.Errorf("%s: %d %v", q, status, slots)
		}
	}
	if status := s.call("", "/api/v1/resources/none/slots", nil, nil); status != http.StatusNotFound {
		t.Errorf("no resource: %d", status)
	}
}
