package order

import (
	"strings"
	"testing"

	"qiao/internal/platform/fault"
)

// Whatever stands in the address of a booking page gives a stretch of slots in a row, or a fault that says why not.
func FuzzChosenSpan(f *testing.F) {
	f.Add("2026-11-24T01:00:00Z/2026-11-24T02:00:00Z 2026-11-24T02:00:00Z/2026-11-24T03:00:00Z")
	f.Add("2026-11-24T09:00:00+08:00/2026-11-24T09:30:00+08:00")
	f.Add("noon")
	f.Fuzz(func(t *testing.T, text string) {
		values := strings.Fields(text)
		span, err := chosenSpan(values, false)
		if err != nil {
			if fault.Of(err).Kind != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if !span.From.Before(span.To) || !strings.Contains(text, "/") {
			t.Fatalf("%v from %q", span, values)
		}
	})
}
