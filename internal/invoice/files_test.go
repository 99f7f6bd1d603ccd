package invoice

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// The file of an invoice and the evidence of a payment go to the two sides of the order and to nobody else.
func TestFilesGoToTheSidesOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		policy, err := identity.NewPolicy()
		if err != nil {
			t.Fatal(err)
		}
		disk, err := blob.NewDisk(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		s := New(Deps{DB: d, Clock: clock.NewFake(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)), Policy: policy, Blobs: disk})
		ref, err := disk.Put(t.Context(), strings.NewReader(sheet), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		inv := Invoice{ID: "i", Order: "o", OrderNumber: "DD-1", Buyer: "firm", Provider: "lab", Region: "330402", Name: "发票.XML", SHA256: ref.SHA256, Size: ref.Size}
		inv, draft, err := s.FromFile(t.Context(), inv, Draft{}, "", "")
		if err != nil || !inv.Checked || draft.Amount != 128_000 {
			t.Fatalf("%+v %+v %v", inv, draft, err)
		}
		by := identity.Subject{Person: "p-lab", Org: "lab"}
		err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := s.Add(ctx, tx, by, inv, draft, 128_000); err != nil {
				return err
			}
			return s.Pay(ctx, tx, by, Payment{ID: "p", Order: "o", Buyer: "firm", Provider: "lab", Region: "330402", PaidOn: "2026-11-26", Amount: 1, Way: "cash", Name: "回单.pdf", SHA256: ref.SHA256, Size: ref.Size}, 128_000)
		})
		if err != nil {
			t.Fatal(err)
		}
		kept, err := s.Of(t.Context(), d, "o")
		if err != nil || len(kept) != 1 || kept[0].Tax != 7_245 || kept[0].BuyerName != "示例·禾城" || kept[0].Number != "26332000000012345678" {
			t.Errorf("%+v %v", kept, err)
		}
		for who, may := range map[string]bool{"firm": true, "lab": true, "rival": false, "authority": false, "auditor": false, "operator": false, "": false} {
			sub := identity.Subject{Person: "p-" + who, Org: who, OrgStatus: identity.StatusVerified, Role: "admin", Region: "330400", Capacities: []string{who}}
			if who == "" {
				sub = identity.Subject{}
			}
			for id, show := range map[string]func(*httptest.ResponseRecorder) error{
				"i": func(w *httptest.ResponseRecorder) error {
					r := httptest.NewRequestWithContext(identity.WithSubject(t.Context(), sub), "GET", "/desk/invoices/i", nil)
					r.SetPathValue("id", "i")
					return s.showFile(w, r)
				},
				"p": func(w *httptest.ResponseRecorder) error {
					r := httptest.NewRequestWithContext(identity.WithSubject(t.Context(), sub), "GET", "/desk/payments/p", nil)
					r.SetPathValue("id", "p")
					return s.showEvidence(w, r)
				},
			} {
				w := httptest.NewRecorder()
				err := show(w)
				if may && (err != nil || w.Body.String() != sheet || !strings.Contains(w.Header().Get("Content-Disposition"), "attachment")) {
					t.Errorf("%s as %s: %v %v", id, who, err, w.Header())
				}
				if !may && (err == nil || w.Body.Len() > 0 || fault.Of(err).Kind != fault.Forbidden && fault.Of(err).Kind != fault.Unauthenticated) {
					t.Errorf("%s as %s: %v, %d bytes", id, who, err, w.Body.Len())
				}
			}
		}
	})
}
