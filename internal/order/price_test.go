package order

import (
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

func tariffs() []Tariff {
	return []Tariff{
		{ID: "sample", Audience: "external", Unit: "sample", Amount: 12_050, Currency: "CNY", Minimum: 3, Note: "常规测试"},
		{ID: "hour", Audience: "external", Unit: "hour", Amount: 30_000, Currency: "CNY", Minimum: 1},
		{ID: "hour-in", Audience: "internal", Unit: "hour", Amount: 10_001, Currency: "CNY"},
		{ID: "old", Audience: "external", Unit: "hour", Amount: 1, To: "2025-12-31"},
		{ID: "next", Audience: "member", Unit: "day", Amount: 99, From: "2027-01-01"},
		{ID: "usd", Audience: "external", Unit: "piece", Amount: 500, Currency: "USD"},
		{ID: "pot", Audience: "external", Unit: "pot", Amount: 500},
	}
}

func TestPriceOf(t *testing.T) {
	for name, tc := range map[string]struct {
		ask      Ask
		total    money.Fen
		known    bool
		currency string
	}{
		"two hours":              {Ask{Kind: KindBooking, Audience: "external", Minutes: 120, Quantity: 1}, 60_000, true, "CNY"},
		"half up":                {Ask{Kind: KindBooking, Audience: "internal", Minutes: 90, Quantity: 1}, 15_002, true, "CNY"},
		"minimum of an hour":     {Ask{Kind: KindBooking, Audience: "external", Minutes: 30, Quantity: 1}, 30_000, true, "CNY"},
		"no member price now":    {Ask{Kind: KindBooking, Audience: "member", Minutes: 60, Quantity: 1}, 30_000, true, "CNY"},
		"member price next year": {Ask{Kind: KindBooking, Audience: "member", Day: "2027-01-02", Days: 2, Minutes: 60, Quantity: 1}, 198, true, "CNY"},
		"five samples":           {Ask{Kind: KindCommission, Audience: "external", Quantity: 5}, 60_250, true, "CNY"},
		"at least three samples": {Ask{Kind: KindCommission, Audience: "external", Quantity: 1}, 36_150, true, "CNY"},
		"chosen line":            {Ask{Kind: KindBooking, Audience: "external", Minutes: 600, Quantity: 4, Line: "sample"}, 48_200, true, "CNY"},
		"other currency":         {Ask{Kind: KindCommission, Audience: "external", Quantity: 4, Line: "usd"}, 2_000, true, "USD"},
		"free":                   {Ask{Kind: KindBooking, Audience: "external", Minutes: 60, Quantity: 1, Free: true}, 0, true, "CNY"},
		"work by the hour":       {Ask{Kind: KindCommission, Audience: "internal", Quantity: 5}, 60_250, true, "CNY"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.ask.Day == "" {
				tc.ask.Day = "2026-11-21"
			}
			got, err := PriceOf(tariffs(), tc.ask)
			if err != nil || got.Total != tc.total || got.Known != tc.known || got.Currency != tc.currency {
				t.Errorf("%+v, %v; want %v %v %s", got, err, tc.total, tc.known, tc.currency)
			}
		})
	}
}

func TestPriceNeedsAQuoteWhenNothingCounts(t *testing.T) {
	only := []Tariff{{ID: "h", Audience: "external", Unit: "hour", Amount: 100}}
	got, err := PriceOf(only, Ask{Kind: KindCommission, Audience: "external", Day: "2026-11-21", Quantity: 3})
	if err != nil || got.Known || got.Total != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestPriceRefuses(t *testing.T) {
	for code, ask := range map[string]Ask{
		"quantity":        {Kind: KindBooking, Audience: "external", Day: "2026-11-21", Quantity: 0},
		"price-line":      {Kind: KindBooking, Audience: "external", Day: "2026-11-21", Quantity: 1, Line: "old"},
		"price-too-large": {Kind: KindBooking, Audience: "external", Day: "2026-11-21", Quantity: 1, Minutes: 1 << 62},
	} {
		list := tariffs()
		if code == "price-too-large" {
			list = []Tariff{{ID: "x", Audience: "external", Unit: "hour", Amount: 1 << 40}}
		}
		if _, err := PriceOf(list, ask); !fault.Is(err, code) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// More time or more samples never costs less, the total is the sum of its lines, and asking twice
// gives the same answer.
func TestPriceIsMonotoneAndRepeatable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := []Tariff{{
			ID: "a", Audience: "external", Unit: rapid.SampledFrom([]string{"hour", "day", "sample", "piece", "batch", "time"}).Draw(t, "unit"),
			Amount: money.Fen(rapid.Int64Range(0, 10_000_000).Draw(t, "amount")), Minimum: rapid.Int64Range(0, 10).Draw(t, "minimum"),
		}}
		kind := rapid.SampledFrom([]string{KindBooking, KindCommission}).Draw(t, "kind")
		less := Ask{
			Kind: kind, Audience: "external", Minutes: rapid.Int64Range(0, 10_000).Draw(t, "minutes"),
			Days: rapid.Int64Range(1, 40).Draw(t, "days"), Quantity: rapid.Int64Range(1, 1000).Draw(t, "quantity"),
		}
		more := less
		more.Minutes, more.Days, more.Quantity = less.Minutes*2, less.Days+1, less.Quantity+1
		a, err := PriceOf(list, less)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := PriceOf(list, less)
		b, err := PriceOf(list, more)
		if err != nil || b.Total < a.Total || again.Total != a.Total {
			t.Fatalf("%v then %v then %v: %v", a, again, b, err)
		}
		var total money.Fen
		for _, l := range a.Lines {
			total += l.Amount
		}
		if total != a.Total {
			t.Fatalf("lines %v do not add up to %v", a.Lines, a.Total)
		}
	})
}
