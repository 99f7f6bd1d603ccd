package identity

import (
	"context"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

func TestAPublicRecordIsTakenOverAndGivenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		own := w.establish(t, "lab", "330402", CapacityProvider, "lab@test.cn", RoleAdmin)
		inTx := func(do func(ctx context.Context, tx *db.Tx) error) error { return d.InTx(t.Context(), do) }
		var public, merge string
		err := inTx(func(ctx context.Context, tx *db.Tx) (err error) {
			public, _, err = w.PutUnclaimed(ctx, tx, Organisation{NameZH: "示例·公开记录", NameEN: "Sample record", ROR: "00a2xv884", Region: "330402", Kind: "university", Source: "ROR", SourceID: "00a2xv884", Website: "https://a.example", Sample: true})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		before, _ := w.Organisation(t.Context(), d, public)
		err = inTx(func(ctx context.Context, tx *db.Tx) (err error) {
			merge, err = w.TakeOver(ctx, tx, w.officer, public, own.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		o, _ := w.Organisation(t.Context(), d, own.ID)
		if by, _ := w.TakenOverBy(t.Context(), d, public); by != own.ID || o.ROR != "00a2xv884" || o.NameEN != "Sample record" || o.NameZH != own.NameZH {
			t.Errorf("taken over by %q: %+v", by, o)
		}
		if _, err := w.Decide(t.Context(), w.officer, public, VerbVerify, ""); !fault.Is(err, "taken-over") {
			t.Errorf("the record is verified by itself: %v", err)
		}
		if err := inTx(func(ctx context.Context, tx *db.Tx) error {
			_, err := w.TakeOver(ctx, tx, w.officer, public, own.ID)
			return err
		}); !fault.Is(err, "not-unclaimed") {
			t.Errorf("taken over twice: %v", err)
		}
		err = inTx(func(ctx context.Context, tx *db.Tx) error {
			kept, err := w.GiveBack(ctx, tx, w.officer, merge)
			if len(kept) > 0 {
				t.Errorf("kept %v", kept)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		o, _ = w.Organisation(t.Context(), d, own.ID)
		p, _ := w.Organisation(t.Context(), d, public)
		o.Revision, o.UpdatedAt, p.Revision, p.UpdatedAt = own.Revision, own.UpdatedAt, before.Revision, before.UpdatedAt
		if o != own || p != before {
			t.Errorf("given back:\n%+v\n%+v\nwere\n%+v\n%+v", o, p, own, before)
		}
	})
}
