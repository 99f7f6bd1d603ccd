package importing

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"qiao/internal/platform/dbtest"
)

func manyRows(n, wide int) string {
	var b strings.Builder
	b.WriteString("仪器设备名称,所在单位仪器编号,主要技术指标,启用日期\n")
	for i := range n {
		fmt.Fprintf(&b, "仪器%d,N-%d,%s,2020-03-01\n", i, i, strings.Repeat("x", wide))
	}
	return b.String()
}

// An import that is cut off in the middle goes on where it stood; every row is counted once.
func TestAnImportGoesOnWhereItWasCutOff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, cut := context.WithCancel(t.Context())
		text := strings.Replace(manyRows(6000, 5), "2020-03-01\n", "gestern\n", 1) + "坏,X,X,morgen\n"
		r, err := w.Import(ctx, w.Lab, Request{Org: w.Lab.Org, Name: "many.csv", Reader: strings.NewReader(text), Progress: func(done, _ int) {
			if done > 1000 {
				cut()
			}
		}})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("%+v %v", counts(r), err)
		}
		half, err := w.Report(t.Context(), w.Lab, r.ID)
		if err != nil || half.Status != StatusRunning || half.Reached == 0 || int64(len(w.all(w.Lab))) != half.Accepted {
			t.Fatalf("cut off: %+v %v, %d resources", half, err, len(w.all(w.Lab)))
		}
		if err := w.GoOn(t.Context()); err != nil { // its worker was heard of a moment ago
			t.Fatal(err)
		}
		w.Clock.Advance(time.Minute)
		if err := w.GoOn(t.Context()); err != nil {
			t.Fatal(err)
		}
		whole, err := w.Report(t.Context(), w.Lab, r.ID)
		if err != nil || whole.Status != StatusDone || counts(whole) != [4]int64{5999, 0, 0, 2} || len(whole.Errors) != 2 || len(w.all(w.Lab)) != 5999 {
			t.Fatalf("gone on: %+v %v, %d resources", whole, err, len(w.all(w.Lab)))
		}
	})
}

func TestALargeFileIsTakenInBehindAndCanBeStopped(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	text := manyRows(12_000, 400)
	r, err := w.Import(t.Context(), w.Lab, Request{Org: w.Lab.Org, Name: "large.csv", Reader: strings.NewReader(text), Behind: true})
	if err != nil || len(text) > inline && r.Status != StatusRunning {
		t.Fatalf("%+v %v", r, err)
	}
	stopped := false
	err = w.Continue(t.Context(), r.ID, func(done, expected int) {
		if done > 2000 && !stopped {
			stopped = true
			if expected < 6_000 || expected > 24_000 {
				t.Errorf("%d rows expected", expected)
			}
			if _, err := w.Do(t.Context(), w.Lab, r.ID, "cancel"); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if r, err = w.Report(t.Context(), w.Lab, r.ID); err != nil || r.Status != StatusCancelled || int64(len(w.all(w.Lab))) != r.Accepted {
		t.Errorf("%+v %v, %d resources", r, err, len(w.all(w.Lab)))
	}
	if r, err = w.Do(t.Context(), w.Lab, r.ID, "resume"); err != nil || r.Status != StatusRunning {
		t.Errorf("%+v %v", r, err)
	}
	if _, err := w.Do(t.Context(), w.Lab, r.ID, "fly"); err == nil {
		t.Error("an unknown verb is taken")
	}
}
