package duplicate

import (
	"context"
	"errors"
	"slices"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// A former name that somebody enters resolves and is searched by; it stays when the other names are learnt anew, and goes when
// it is taken back.
func TestAFormerNameByHand(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		zju := w.public("浙江大学", "Zhejiang University", "00a2xv884")
		w.settle()
		for what, c := range map[string]Called{
			"no kind": {Kind: Official, Name: "求是书院"}, "no name": {Kind: Former, Name: " （）"}, "its own": {Kind: Former, Name: "浙江大學"}, "no day": {Kind: Former, Name: "求是书院", From: "1897"},
			"backwards": {Kind: Former, Name: "求是书院", From: "1914-01-01", To: "1897-05-21"},
		} {
			if err := w.AddName(ctx, w.operator, zju, c); !fault.Is(err, "name-invalid") {
				t.Errorf("%s: %v", what, err)
			}
		}
		former := Called{Kind: Former, Name: " 求是书院 ", From: "1897-05-21", To: "1914-12-31"}
		if err := w.AddName(ctx, w.lab, zju, former); fault.Of(err) == nil || fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("another organisation enters names: %v", err)
		}
		if err := w.AddName(ctx, w.operator, zju, former); err != nil {
			t.Fatal(err)
		}
		if err := w.AddName(ctx, w.operator, zju, Called{Kind: Abbreviation, Name: "浙大"}); err != nil { // a rule knows it, too
			t.Fatal(err)
		}
		if err := w.AddName(ctx, w.operator, zju, former); !fault.Is(err, "name-invalid") {
			t.Errorf("twice: %v", err)
		}
		if err := w.AddName(ctx, w.lab, w.lab.Org, Called{Kind: Former, Name: "示例·南湖测试所"}); err != nil {
			t.Errorf("its own: %v", err)
		}
		means := func(text string) bool {
			t.Helper()
			h, ok, err := w.Means(ctx, w.DB, text)
			if err != nil {
				t.Fatal(err)
			}
			return ok && h.Org.ID == zju
		}
		w.settle()
		w.settle() // learns nothing new, or it would go on for ever
		n, err := db.One[int64](ctx, w.DB, `SELECT count(*) FROM outbox_event WHERE name = 'identity.changed'`)
		if err != nil {
			t.Fatal(err)
		}
		w.settle()
		if again, err := db.One[int64](ctx, w.DB, `SELECT count(*) FROM outbox_event WHERE name = 'identity.changed'`); err != nil || again != n {
			t.Errorf("%d changes became %d by themselves (%v)", n, again, err)
		}
		if !means("求是书院") || !means("浙大") {
			t.Error("a name entered by hand does not resolve")
		}
		if also, err := w.Aliases(ctx, w.DB, []string{zju}); err != nil || !slices.Contains(also[zju], "求是书院") {
			t.Errorf("search does not know it: %v %v", also, err)
		}
		forget := func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM duplicate_word WHERE org = $1`, zju) // as an older program left it
			return err
		}
		if err := errors.Join(w.DB.InTx(ctx, forget), w.LearnAll(ctx)); err != nil {
			t.Fatal(err)
		}
		if words, err := listWords(ctx, w.DB, []string{zju}); err != nil || len(words[zju]) == 0 {
			t.Errorf("the words it is looked up by are not learnt anew (%v)", err)
		}
		had, err := listNames(ctx, w.DB, []string{zju})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range had[zju] {
			if x.Source == byPerson {
				if err := w.DropName(ctx, w.operator, zju, x.ID); err != nil {
					t.Fatal(err)
				}
			} else if err := w.DropName(ctx, w.operator, zju, x.ID); !fault.Is(err, "name-not-found") {
				t.Errorf("%s %q can be removed: %v", x.Source, x.Name, err)
			}
		}
		w.settle()
		if means("求是书院") || !means("浙大") {
			t.Error("the name that was taken back still resolves, or the one a rule makes is gone")
		}
		w.sound()
	})
}
