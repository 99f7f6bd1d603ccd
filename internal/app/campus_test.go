// The demo region is large: it is looked at on the plain program.
//
//go:build !race

package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qiao/internal/campus"
	"qiao/internal/campus/campustest"
	"qiao/internal/demo"
	"qiao/internal/platform/id"
)

// callAPI makes one call of the program's API and gives its status and answer.
func callAPI(t *testing.T, h http.Handler, token, method, path string, body any) (int, map[string]any) {
	t.Helper()
	payload, err := json.Marshal(body)
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	req := httptest.NewRequestWithContext(t.Context(), method, "/api/v1"+path, bytes.NewReader(payload))
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", id.New())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	out := map[string]any{}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Error(err)
		}
	}
	return w.Code, out
}

// A campus system and the whole program: orders over the API and people on campus want the same slots; one wins each, an order
// that is moved or cancelled follows there, and every invariant holds.
func ordersAndACampusSystem(t *testing.T, a *App, h http.Handler) {
	t.Helper()
	token := demo.Tokens(a.identity)
	firm, err := token(t.Context(), "firm@demo.qiao")
	if err != nil {
		t.Fatal(err)
	}
	lab, err := a.identity.As(t.Context(), "lab@demo.qiao")
	if err != nil {
		t.Fatal(err)
	}
	fake := campustest.New("", "", a.clock.Now)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	link, secret, err := a.campus.Connect(t.Context(), lab, campus.Request{Name: "校内", Kind: campus.KindAPI, Address: server.URL, Direction: campus.Both, Judge: campus.There, Silent: campus.SilentRefuse}, "")
	if err != nil {
		t.Fatal(err)
	}
	fake.Use(link.ID, secret)
	resource := ""
	owned, err := a.catalogue.Owned(t.Context(), a.db, lab.Org)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range owned {
		if strings.Contains(r.NameZH, "差示扫描量热仪") {
			resource = r.ID
		}
	}
	if err := a.campus.Join(t.Context(), lab, link.ID, resource, "DSC"); err != nil {
		t.Fatal(err)
	}
	_, board := callAPI(t, h, firm, "GET", "/resources/"+resource+"/slots?from="+a.clock.Now().AddDate(0, 0, 3).Format(time.DateOnly)+"&to="+a.clock.Now().AddDate(0, 0, 14).Format(time.DateOnly), nil)
	var free [][2]time.Time
	items, _ := board["items"].([]any)
	for _, x := range items {
		slot, _ := x.(map[string]any)
		if slot["state"] == "free" {
			from, err1 := time.Parse(time.RFC3339, fmt.Sprint(slot["start"]))
			to, err2 := time.Parse(time.RFC3339, fmt.Sprint(slot["end"]))
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			free = append(free, [2]time.Time{from, to})
		}
	}
	if len(free) < 8 {
		t.Fatalf("only %d free slots", len(free))
	}
	order := ""
	for round := range 3 {
		slot := free[round]
		var ours, theirs atomic.Int64
		var all sync.WaitGroup
		for i := range 24 {
			all.Go(func() {
				if i%2 == 0 {
					if _, ok := fake.Book("DSC", slot[0], slot[1]); ok {
						theirs.Add(1)
					}
					return
				}
				status, o := callAPI(t, h, firm, "POST", "/orders", map[string]any{"kind": "booking", "resource": resource, "start": slot[0], "end": slot[1], "quantity": 1})
				if status == 201 {
					ours.Add(1)
					order = fmt.Sprint(o["id"])
				} else if status != 409 {
					t.Errorf("a rival is answered %d: %v", status, o)
				}
			})
		}
		all.Wait()
		if ours.Load()+theirs.Load() != 1 {
			t.Fatalf("round %d: %d winners here, %d there", round, ours.Load(), theirs.Load())
		}
	}
	if status, o := callAPI(t, h, firm, "POST", "/orders", map[string]any{"kind": "booking", "resource": resource, "start": free[4][0], "end": free[4][1], "quantity": 1}); status == 201 {
		order = fmt.Sprint(o["id"])
	} else {
		t.Fatalf("%d %v", status, o)
	}
	has := func(slot [2]time.Time) (n int) {
		for _, e := range fake.Entries() {
			if e.Start.Equal(slot[0]) && e.Key != "" {
				n++
			}
		}
		return n
	}
	if status, o := callAPI(t, h, firm, "POST", "/orders/"+order+"/move", map[string]any{"start": free[5][0], "end": free[5][1]}); status != 200 {
		t.Fatalf("moved: %d %v", status, o)
	}
	if err := a.campus.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if has(free[4]) != 0 || has(free[5]) != 1 {
		t.Errorf("after the move %d and %d there", has(free[4]), has(free[5]))
	}
	if status, o := callAPI(t, h, firm, "POST", "/orders/"+order+"/cancel", map[string]any{"note": "不做了"}); status != 200 {
		t.Fatalf("cancelled: %d %v", status, o)
	}
	if err := a.campus.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if has(free[5]) != 0 {
		t.Error("cancelled here, and still reserved there")
	}
	if err := a.campus.Do(t.Context(), lab, link.ID, campus.VerbEnd); err != nil {
		t.Fatal(err)
	}
	found, err := a.Verify(t.Context())
	if err != nil || len(found) > 0 {
		t.Errorf("%+v %v", found, err)
	}
}
