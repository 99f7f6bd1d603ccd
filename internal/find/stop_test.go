package find

import (
	"context"
	"strings"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// A link of a message ends just its own alert, as often as one likes; nobody makes one up.
func TestALinkEndsItsAlert(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		if err := w.Stop(ctx, "x.y"); !fault.Is(err, "no-such-alert") {
			t.Errorf("before any link was made: %v", err)
		}
		one, err := w.Save(ctx, w.firm, "k1", "电镜", "q=扫描电镜", AlertOnce)
		if err != nil {
			t.Fatal(err)
		}
		two, err := w.Save(ctx, w.firm, "k2", "质谱", "q=质谱", AlertDaily)
		if err != nil {
			t.Fatal(err)
		}
		var links [3]string
		err = d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for i, x := range []string{one.ID, two.ID, one.ID} {
				if links[i], err = w.StopLink(ctx, tx, x); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || links[0] != links[2] || links[0] == links[1] {
			t.Fatal(links, err)
		}
		token := strings.TrimPrefix(links[0], "/alerts/")
		for _, forged := range []string{"", token + "x", token[1:], two.ID + token[strings.Index(token, "."):], one.ID + ".", one.ID} {
			if err := w.Stop(ctx, forged); !fault.Is(err, "no-such-alert") {
				t.Errorf("%q ends an alert: %v", forged, err)
			}
		}
		if x, err := w.stopped(ctx, d, token); err != nil || x.Alert != AlertOnce {
			t.Fatalf("to look at the link ends the alert: %+v, %v", x, err)
		}
		for range 2 {
			if err := w.Stop(ctx, token); err != nil {
				t.Fatal(err)
			}
		}
		list, err := w.Searches(ctx, w.firm)
		if err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		for _, x := range list {
			if (x.Alert == AlertNone) != (x.ID == one.ID) {
				t.Errorf("%s alerts %s", x.Name, x.Alert)
			}
		}
		if err := w.Forget(ctx, w.firm, one.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.Stop(ctx, token); err != nil {
			t.Errorf("of a search that is gone: %v", err)
		}
	})
}
