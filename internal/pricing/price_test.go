package pricing

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// anyPlan draws a well-formed plan: periods, steps, flat fee, add-ons, discounts, in any mixture.
func anyPlan(t *rapid.T) Plan {
	fen := func(name string) money.Fen { return money.Fen(rapid.Int64Range(0, 1_000_000).Draw(t, name)) }
	p := Plan{Basis: rapid.SampledFrom([]string{"", Booked, Actual, Longer}).Draw(t, "basis"), Begun: rapid.SampledFrom([]int64{0, 1, 15, 60}).Draw(t, "begun")}
	for i := range rapid.IntRange(1, 3).Draw(t, "rates") {
		r := Rate{ID: string(rune('a' + i)), Unit: rapid.SampledFrom(Units()).Draw(t, "unit"), Price: fen("price"), Least: fen("least"), Minimum: rapid.Int64Range(0, 5).Draw(t, "minimum"), Reached: rapid.Bool().Draw(t, "reached")}
		if rapid.Bool().Draw(t, "flat") {
			r.Base, r.Covers = 1+fen("base"), rapid.Int64Range(0, 10).Draw(t, "covers")
		}
		above := r.Covers
		for range rapid.IntRange(0, 3).Draw(t, "steps") {
			above += rapid.Int64Range(1, 10).Draw(t, "above")
			r.Steps = append(r.Steps, Step{above, fen("step")})
		}
		p.Rates = append(p.Rates, r)
	}
	clockTime := rapid.SampledFrom([]string{"", "06:00", "08:30", "17:59", "22:00"})
	for range rapid.IntRange(0, 3).Draw(t, "periods") {
		x := Period{Text: "时段", From: clockTime.Draw(t, "from"), To: clockTime.Draw(t, "to"), Percent: rapid.Int64Range(0, 30_000).Draw(t, "percent"), Days: rapid.SampledFrom([]string{"", "rest", "work", "holiday"}).Draw(t, "days")}
		if x.From != x.To || x.From == "" {
			p.Periods = append(p.Periods, x)
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "add-ons") {
		p.AddOns = append(p.AddOns, AddOn{ID: "x" + string(rune('a'+i)), Text: "附加", Unit: "hour", Price: fen("extra"), By: rapid.SampledFrom([]string{ByOrder, ByTime, ByQuantity}).Draw(t, "by"), Must: true})
	}
	for range rapid.IntRange(0, 3).Draw(t, "discounts") {
		d := Discount{Text: "优惠", Percent: rapid.Int64Range(1, percentFull).Draw(t, "off"), Use: rapid.Bool().Draw(t, "use")}
		if rapid.Bool().Draw(t, "flat-off") {
			d.Percent, d.Amount = 0, 1+fen("off")
		}
		p.Discounts = append(p.Discounts, d)
	}
	if rapid.Bool().Draw(t, "overtime") {
		p.Overtime = &Overtime{Free: rapid.Int64Range(0, 60).Draw(t, "free"), Price: 1 + fen("over")}
	}
	return p
}

func anyFacts(t *rapid.T) Facts {
	from := span("11-23 00:00", "11-23 00:00").From.Add(time.Duration(rapid.Int64Range(0, 20_000).Draw(t, "start")) * time.Minute)
	to := from.Add(time.Duration(rapid.Int64Range(1, 6_000).Draw(t, "minutes")) * time.Minute)
	return Facts{Kind: "booking", Group: External, Quantity: rapid.Int64Range(1, 500).Draw(t, "quantity"), Spans: []Span{{from, to}}, Off: []string{"2026-11-25"}, Work: []string{"2026-11-28"}}
}

// The sum is exact, each line is its rate times its quantity, nothing is negative but a discount, asking twice gives
// the same, and a bill of what was booked is the estimate, line by line.
func TestEstimateIsTheBill(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, f := anyPlan(t), anyFacts(t)
		if err := p.Check(); err != nil {
			t.Fatalf("drawn plan: %v", err)
		}
		got, err := Price(p, f)
		if err != nil {
			t.Fatal(err)
		}
		var total money.Fen
		for _, l := range got.Lines {
			total += l.Amount
			if (l.Amount < 0) != (l.Kind == LineDiscount) {
				t.Fatalf("line %+v", l)
			}
			if want, _ := money.MulHalfUp(l.Rate, l.Count, max(l.Per, 1)); (l.Kind == LineUse || l.Kind == LineAddOn || l.Kind == LineBase) && want != l.Amount {
				t.Fatalf("line %+v is not rate times quantity", l)
			}
		}
		if total != got.Total || total < 0 {
			t.Fatalf("lines %+v, total %v", got.Lines, got.Total)
		}
		bill, err := Bill(p, f, Facts{Spans: f.Spans})
		if err != nil || len(bill.Changes) > 0 || !reflect.DeepEqual(bill.Priced, got) {
			t.Fatalf("bill %+v (%v), estimate %+v", bill, err, got)
		}
	})
}

// A stretch cut anywhere counts the same minutes at the same prices as the whole: boundaries are split exactly.
func TestPeriodsSplitExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, f := anyPlan(t), anyFacts(t)
		whole, err := inPeriods(p, f)
		if err != nil {
			t.Fatal(err)
		}
		s := f.Spans[0]
		at := s.From.Add(time.Duration(rapid.Int64Range(0, s.minutes()).Draw(t, "cut")) * time.Minute)
		f.Spans = []Span{{s.From, at}, {at, s.To}}
		halves, err := inPeriods(p, f)
		if err != nil || !slices.Equal(whole, halves) {
			t.Fatalf("whole %v, in two %v (%v)", whole, halves, err)
		}
		var n int64
		for _, x := range whole {
			n += x.count
		}
		if n != s.minutes() {
			t.Fatalf("%d of %d minutes", n, s.minutes())
		}
	})
}

// More time never costs less where each step has its own price and nothing is taken off, but for the rounding of lines: more
// time can fall into more of them, each rounded by itself.
func TestMoreNeverCostsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, f := anyPlan(t), anyFacts(t)
		p.Discounts = nil
		for i := range p.Rates {
			p.Rates[i].Reached = false
			if len(p.Periods) > 0 { // what is missing to the minimum is charged as the last period is; more time may be cheaper time
				p.Rates[i].Minimum = 0
			}
		}
		more := f
		more.Spans = []Span{{f.Spans[0].From, f.Spans[0].To.Add(time.Hour)}}
		more.Quantity++
		a, err := Price(p, f)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := Price(p, more); err != nil || b.Total+money.Fen(len(b.Lines)) < a.Total {
			t.Fatalf("%v then %v (%v)", a, b, err)
		}
	})
}

func TestRefuses(t *testing.T) {
	late := booked("11-23 09:00", "11-23 10:00")
	for code, x := range map[string]struct {
		p Plan
		f Facts
	}{
		"quantity":        {plan(hourly(1)), late.samples(0)},
		"price-line":      {plan(hourly(1)), late.rated("gone")},
		"add-on":          {plan(hourly(1)), late.with("gone", 1)},
		"price-too-large": {plan(hourly(MaxPrice)), Facts{Kind: "booking", Group: External, Quantity: 1, Minutes: 1 << 62}},
	} {
		if _, err := Price(x.p, x.f); !fault.Is(err, code) {
			t.Errorf("%s: %v", code, err)
		}
	}
	if _, err := Price(plan(sampled(MaxPrice)), asked(2)); !fault.Is(err, "price-too-large") {
		t.Errorf("an overflowing price: %v", err)
	}
	if got, err := Price(plan(hourly(100)), asked(3)); err != nil || got.Known {
		t.Errorf("a commission by the hour: %+v, %v", got, err)
	}
}

func TestCheckNamesEveryMistake(t *testing.T) {
	bad := Plan{
		Currency: "RENMINBI", Basis: "guess", Begun: -1,
		Rates:     []Rate{{Unit: "moon", Price: -1, Covers: 2, Steps: []Step{{5, 1}, {5, 1}}, Groups: []string{"Big Firms"}}},
		Periods:   []Period{{From: "25:00", Percent: -1, Days: "moonday"}, {Text: "空", From: "08:00", To: "08:00"}},
		AddOns:    []AddOn{{ID: "a", Unit: "piece", By: ByTime}, {ID: "a", Text: "b", Unit: "piece", By: ByChoice, Must: true}},
		Discounts: []Discount{{Text: "x", Percent: 100, Amount: 1}, {Text: "y", Percent: 20_000, Over: "luck"}},
		Cancel:    []Fee{{Percent: 1}}, NoShow: &Fee{},
	}
	err := bad.Check()
	if !fault.Is(err, "price-plan") {
		t.Fatal(err)
	}
	var fields []string
	for _, f := range fault.Of(err).Fields {
		fields = append(fields, f.Name)
	}
	for _, want := range []string{"currency", "basis", "begun", "rates-0-id", "rates-0-unit", "rates-0-price", "rates-0-base", "rates-0-steps", "rates-0-groups", "periods-0-text", "periods-0-from", "periods-0-percent", "periods-0-days", "periods-1-to", "add_ons-0-unit", "add_ons-1-id", "add_ons-1-must", "discounts-0-percent", "discounts-1-percent", "discounts-1-over", "cancel-0-hours", "no_show-percent"} {
		if !slices.Contains(fields, want) {
			t.Errorf("no word about %s in %v", want, fields)
		}
	}
}

// A plan goes out as JSON and comes back the same; anything else is refused with a sentence.
func FuzzParse(f *testing.F) {
	for _, x := range examples()[:3] {
		body, err := json.Marshal(x.plan)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`{"rates":[{"id":"a","unit":"hour","price":-1}]}`))
	f.Add([]byte(`{"rates":[],"surprise":1} {}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := Parse(body)
		if err != nil {
			if fault.Of(err).Kind >= fault.Internal {
				t.Fatalf("not a sentence: %v", err)
			}
			return
		}
		if _, err := Price(p, booked("11-27 17:00", "11-28 03:30")); err != nil && fault.Of(err).Kind >= fault.Internal {
			t.Fatalf("a checked plan fails: %v", err)
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(again)
		if err != nil || !reflect.DeepEqual(p, back) {
			t.Fatalf("%+v came back as %+v (%v)", p, back, err)
		}
	})
}

// Who looks at a resource sees what it is charged, not what others are.
func TestPlanOfAGroup(t *testing.T) {
	p := threeGroups().adds(operator(true), AddOn{ID: "in", Text: "内部", Groups: []string{Internal}, Unit: "time", By: ByOrder}).off(Discount{Text: "会员", Groups: []string{Member}, Percent: 100})
	got := p.of(External)
	if len(got.Rates) != 1 || got.Rates[0].ID != "ext" || len(got.AddOns) != 1 || len(got.Discounts) != 0 {
		t.Errorf("outside: %+v", got)
	}
	if got := p.of("park"); len(got.Rates) != 1 || got.Rates[0].ID != "mem" || len(p.AddOns) != 2 || len(p.Discounts) != 1 {
		t.Errorf("a named group: %+v", got)
	}
}
