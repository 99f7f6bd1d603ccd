package order

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// An instrument under customs supervision is ordered for a purpose it was let in for, and for no other; when the supervision
// has ended, nobody asks.
func TestOrdersUnderCustomsSupervision(t *testing.T) {
	s := serve(t, dbtest.SQLite(t))
	watched := s.shop.items["sem"]
	watched.Kind = "instrument"
	watched.Fields = map[string]any{"customs": true, "supervised_until": "2026-12-31", "customs_purposes": []string{"research", "teaching"}}
	s.shop.items["sem"] = watched
	ask := PlaceRequest{Kind: KindBooking, Resource: "sem", Start: at(1, 9, 0), End: at(1, 10, 0)}
	for use, code := range map[string]string{"other": "customs-use", "development": "customs-use", "research": ""} {
		ask.Use = use
		o, err := s.Place(t.Context(), firm(), ask)
		if code == "" && (err != nil || o.CustomsUse != use) || code != "" && !fault.Is(err, code) {
			t.Errorf("for %q: %q %v", use, o.CustomsUse, err)
		}
	}
	ask.Use, ask.Start, ask.End = "", at(1, 11, 0), at(1, 12, 0) // a program that does not know of it
	if o, err := s.Place(t.Context(), firm(), ask); err != nil || o.CustomsUse != useUnsaid {
		t.Errorf("unsaid: %q %v", o.CustomsUse, err)
	} else if page := s.page("lab", "/desk/orders/"+o.ID, http.StatusOK); !strings.Contains(page.Text(), "接受之前请核实") {
		t.Error("the provider is not told to ask")
	} else if again, err := s.Again(t.Context(), s.db, o); err != nil || again.Use != "" {
		t.Errorf("once more it asks for %q (%v)", again.Use, err)
	}
	page := s.page("firm", "/resources/sem/commission", http.StatusOK)
	if page.Find("input[name=customs_use]").Length() != 3 {
		t.Errorf("%d purposes to choose from", page.Find("input[name=customs_use]").Length())
	}
	f := url.Values{"purpose": {"拉伸"}, "quantity": {"3"}, "customs_use": {"other"}}
	res, page := s.submit("firm", "/resources/sem/commission", f)
	if res.StatusCode != http.StatusUnprocessableEntity || page.Find("input[name=customs_use][value=other][checked]").Length() != 1 || page.Find("a[href='#f-customs_use']").Length() != 1 {
		t.Errorf("another purpose: %d, and what was chosen is lost", res.StatusCode)
	}
	f.Set("customs_asked", "1")
	f.Del("customs_use")
	if res, page = s.submit("firm", "/resources/sem/commission", f); res.StatusCode != http.StatusUnprocessableEntity || page.Find("textarea[name=purpose]").Text() != "拉伸" {
		t.Errorf("no purpose chosen: %d", res.StatusCode)
	}
	f.Set("customs_use", "teaching")
	if res, _ = s.submit("firm", "/resources/sem/commission", f); res.StatusCode != http.StatusSeeOther {
		t.Errorf("teaching: %d", res.StatusCode)
	}
	watched.Fields["supervised_until"] = "2020-12-31"
	ask.Use, ask.Start, ask.End = "", at(2, 9, 0), at(2, 10, 0)
	if _, err := s.Place(t.Context(), firm(), ask); err != nil {
		t.Errorf("after the supervision: %v", err)
	}
}
