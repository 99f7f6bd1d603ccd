package order

import (
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/pricing"
)

// What quotes come to, worked by hand.
func TestQuotesAreCountedToTheFen(t *testing.T) {
	use := func(price money.Fen, count, per int64) Line {
		return Line{Text: "x", Unit: "hour", UnitAmount: price, Count: count, Per: per}
	}
	off := func(percent int64, amount money.Fen) Line {
		return Line{Kind: pricing.LineDiscount, Text: "优惠", Percent: percent, UnitAmount: amount}
	}
	addOn := Line{Kind: pricing.LineAddOn, Text: "耗材", Unit: "batch", UnitAmount: 8_000, Count: 2}
	for _, x := range []struct {
		name    string
		lines   []Line
		amounts []money.Fen
		total   money.Fen
	}{
		{"3 samples at 250.00", []Line{use(25_000, 3, 1)}, []money.Fen{75_000}, 75_000},
		{"1.5 hours at 333.33: 499.995, half up", []Line{use(33_333, 3, 2)}, []money.Fen{50_000}, 50_000},
		{"0.333 at 0.01: 0.00333", []Line{use(1, 333, 1000)}, []money.Fen{0}, 0},
		{"5% off 1,000.10: 50.005, half up", []Line{use(100_010, 1, 1), off(500, 0)}, []money.Fen{100_010, -5_001}, 95_009},
		{"add-ons count before the discount below them", []Line{use(100_000, 1, 1), addOn, off(1000, 0)}, []money.Fen{100_000, 16_000, -11_600}, 104_400},
		{"a second discount takes of what is left", []Line{use(100_000, 1, 1), off(1000, 0), off(1000, 0)}, []money.Fen{100_000, -10_000, -9_000}, 81_000},
		{"a fixed sum off, then more work", []Line{use(100_000, 1, 1), off(0, 9_950), use(50, 1, 1)}, []money.Fen{100_000, -9_950, 50}, 90_100},
		{"everything off", []Line{use(100_000, 1, 1), off(10_000, 0)}, []money.Fen{100_000, -100_000}, 0},
		{"17.5% off 199.99: 34.99825", []Line{use(19_999, 1, 1), off(1750, 0)}, []money.Fen{19_999, -3_500}, 16_499},
	} {
		lines, total, err := CountQuote(x.lines)
		if err != nil || total != x.total {
			t.Errorf("%s: %v, %v", x.name, total, err)
			continue
		}
		for i, l := range lines {
			if l.Amount != x.amounts[i] || l.Position != int64(i+1) {
				t.Errorf("%s, line %d: %+v", x.name, i+1, l)
			}
		}
	}
	for code, lines := range map[string][]Line{
		"quote-negative": {use(100, 1, 1), off(0, 101)}, "price-too-large": {use(maxPrice, 2, 1)},
	} {
		if _, _, err := CountQuote(lines); !fault.Is(err, code) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// Whatever the lines: the total is their sum, never negative, counted again it is the same, and a quote that starts from it
// comes to it.
func TestQuoteLinesAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) Line {
			return Line{
				Kind: rapid.SampledFrom([]string{"use", "add-on", "discount"}).Draw(rt, "kind"), Text: "x", Unit: rapid.SampledFrom(QuoteUnits()).Draw(rt, "unit"),
				UnitAmount: money.Fen(rapid.Int64Range(0, 1_000_000).Draw(rt, "price")), Count: rapid.Int64Range(1, 5000).Draw(rt, "count"), Per: rapid.SampledFrom([]int64{1, 2, 4, 5, 1000}).Draw(rt, "per"),
				Percent: rapid.Int64Range(0, 10_000).Draw(rt, "percent"),
			}
		}), 1, 12).Draw(rt, "lines")
		counted, total, err := CountQuote(lines)
		if err != nil {
			return
		}
		var sum money.Fen
		for _, l := range counted {
			sum += l.Amount
		}
		again, second, err := CountQuote(QuoteStart(counted))
		if err != nil || sum != total || total < 0 || second != total || len(again) != len(lines) {
			rt.Fatalf("%v, sum %v, again %v, %v", total, sum, second, err)
		}
	})
}

// A lapsed quote is offered anew as it was, by the provider only; then it can be accepted.
func TestLapsedQuoteIsRenewed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.place(firm(), PlaceRequest{Kind: KindCommission, Resource: "test", Purpose: "x"})
		lines := []Line{{Text: "试验", Unit: "hour", UnitAmount: 33_333, Count: 3, Per: 2}, {Kind: pricing.LineDiscount, Text: "首单", Percent: 1000}}
		o = w.do(lab(), o, VerbQuote, VerbRequest{Lines: lines, ValidUntil: "2026-11-28", Tax: "不含税", Note: "含制样"})
		if o.Price != 45_000 {
			t.Errorf("price %v", o.Price)
		}
		w.clock.Set(at(10, 9, 0))
		if _, err := w.Do(t.Context(), firm(), o.ID, VerbAccept, VerbRequest{}); !fault.Is(err, "quote-expired") {
			t.Errorf("a lapsed quote: %v", err)
		}
		if _, err := w.Do(t.Context(), firm(), o.ID, VerbRenew, VerbRequest{}); fault.Of(err).Kind != fault.Forbidden {
			t.Errorf("renewed by the buyer: %v", err)
		}
		if _, err := w.Do(t.Context(), lab(), o.ID, VerbRenew, VerbRequest{ValidUntil: "2026-11-28"}); !fault.Is(err, "quote-past") {
			t.Errorf("renewed into the past: %v", err)
		}
		o = w.do(lab(), o, VerbRenew, VerbRequest{})
		got, err := w.Get(t.Context(), firm(), o.ID)
		if err != nil || len(got.Quotes) != 2 || len(got.Current()) != 2 || got.Order.Price != 45_000 {
			t.Fatalf("%+v %v", got, err)
		}
		first, q := got.Quotes[0], got.Quotes[1]
		if q.days() != first.days() || q.Note != "含制样" || q.Tax != "不含税" || q.Lapsed(w.today()) {
			t.Errorf("%+v after %+v", q, first)
		}
		if _, err := w.Do(t.Context(), firm(), o.ID, VerbAccept, VerbRequest{Version: 1}); !fault.Is(err, "quote-changed") {
			t.Errorf("the version before: %v", err)
		}
		w.do(firm(), o, VerbAccept, VerbRequest{Version: 2})
		w.wellVerified()
	})
}
