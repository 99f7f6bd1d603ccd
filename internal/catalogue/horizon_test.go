package catalogue

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"qiao/internal/platform/db"
)

// TestNoPageWaitsForTheHorizonTwice: a region whose calendars take long to look at is looked at behind the pages once it
// has been looked at, and a failure leaves what was known.
func TestNoPageWaitsForTheHorizonTwice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.take(w.Lab, ownList)
		var looks atomic.Int32
		gate, looked := make(chan error), make(chan struct{}, 9)
		w.Horizon = func(_ context.Context, _ db.Q, rs []Resource, _ int) (map[string]Free, error) {
			defer func() { looked <- struct{}{} }()
			w.Clock.Advance(2 * horizonQuick)
			if looks.Add(1) > 1 { // behind a page
				if err := <-gate; err != nil {
					return nil, err
				}
			}
			out := map[string]Free{}
			for _, r := range rs {
				out[r.ID] = Free{Start: w.Clock.Now(), Days: make([]string, looks.Load())}
			}
			return out, nil
		}
		days := func() int {
			stopped, stop := context.WithCancel(t.Context())
			stop() // a reader who leaves does not spoil it for the others
			free, err := w.soon(stopped)
			if err != nil || len(free) == 0 {
				t.Fatalf("%v %v", free, err)
			}
			for _, f := range free {
				return len(f.Days)
			}
			return 0
		}
		settled := func() {
			<-looked
			for i := 0; i < 1000; i++ {
				w.horizon.mu.Lock()
				busy := w.horizon.renewed
				w.horizon.mu.Unlock()
				if !busy {
					return
				}
				time.Sleep(time.Millisecond)
			}
			t.Fatal("it is renewed for ever")
		}
		if days() != 1 {
			t.Fatal("the first look")
		}
		<-looked
		for _, outcome := range []struct {
			err  error
			want int
		}{{errors.New("no calendar"), 1}, {nil, 3}} {
			w.Clock.Advance(horizonAge)
			for range 3 {
				if days() != 1 {
					t.Error("a page does not show what is known")
				}
			}
			gate <- outcome.err
			settled()
			w.horizon.mu.Lock()
			got := 0
			for _, f := range w.horizon.free {
				got = len(f.Days)
			}
			w.horizon.mu.Unlock()
			if got != outcome.want {
				t.Errorf("%d looks are known, want %d", got, outcome.want)
			}
		}
		if looks.Load() != 3 {
			t.Errorf("looked %d times", looks.Load())
		}
	})
}
