package scrutiny

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/order"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
)

func shipped(t testing.TB) Rules {
	t.Helper()
	list, err := readRules()
	if err != nil {
		t.Fatal(err)
	}
	return list[len(list)-1]
}

// deal is an order of firm at lab with some fields otherwise.
func deal(id string, change func(*order.Deal)) order.Deal {
	d := order.Deal{Order: order.Order{ID: id, Number: "DD-" + id, Buyer: "firm", Provider: "lab", Resource: "sem", PriceLine: "hour", Unit: "h", Quantity: 1, Price: 100_000, Voucher: 50_000, Own: 50_000, Programme: "p", PlacedOn: "2026-06-15"}}
	if change != nil {
		change(&d)
	}
	return d
}

func TestSplitting(t *testing.T) {
	r := shipped(t)
	at := func(id, day string, part money.Fen) order.Deal {
		return deal(id, func(d *order.Deal) { d.PlacedOn, d.Voucher = day, part })
	}
	d := at("1", "2026-06-15", 1_990_000)
	for name, c := range map[string]struct {
		others []order.Deal
		cap    money.Fen
		want   bool
	}{
		"three just under the cap":  {[]order.Deal{at("2", "2026-06-20", 2_000_000), at("3", "2026-07-15", 1_800_000)}, 2_000_000, true},
		"two are none":              {[]order.Deal{at("2", "2026-06-20", 1_990_000)}, 2_000_000, false},
		"itself twice":              {[]order.Deal{d, d, d}, 2_000_000, false},
		"too far apart":             {[]order.Deal{at("2", "2026-07-16", 1_990_000), at("3", "2026-05-14", 1_990_000)}, 2_000_000, false},
		"well below the cap":        {[]order.Deal{at("2", "2026-06-20", 1_700_000), at("3", "2026-06-21", 1_700_000)}, 2_000_000, false},
		"no cap":                    {[]order.Deal{at("2", "2026-06-20", 1_990_000), at("3", "2026-06-21", 1_990_000)}, 0, false},
		"of another programme":      {[]order.Deal{deal("2", func(x *order.Deal) { x.Programme, x.Voucher = "q", 1_990_000 }), at("3", "2026-06-21", 1_990_000)}, 2_000_000, false},
		"at another provider":       {[]order.Deal{deal("2", func(x *order.Deal) { x.Provider, x.Voucher = "x", 1_990_000 }), at("3", "2026-06-21", 1_990_000)}, 2_000_000, false},
		"a day that cannot be read": {[]order.Deal{at("2", "", 1_990_000), at("3", "2026-06-21", 1_990_000)}, 2_000_000, false},
	} {
		if f := checkSplitting(r, d, c.others, c.cap); (len(f.Lines) > 0) != c.want {
			t.Errorf("%s: %v", name, f.Lines)
		}
	}
}

func TestPriceFarFromTheUsual(t *testing.T) {
	r := shipped(t)
	past := make([]order.Deal, 12)
	for i := range past {
		past[i] = deal(fmt.Sprint("p", i), func(d *order.Deal) { d.Price = money.Fen(95_000 + i*1_000) })
	}
	priced := func(p money.Fen, n int64) order.Deal {
		return deal("1", func(d *order.Deal) { d.Price, d.Quantity = p, n })
	}
	for name, c := range map[string]struct {
		d    order.Deal
		past []order.Deal
		want bool
	}{
		"usual": {priced(101_000, 1), past, false}, "thrice as much": {priced(300_000, 1), past, true}, "for three": {priced(300_000, 3), past, false}, "a third": {priced(33_000, 1), past, true},
		"a quarter more": {priced(125_000, 1), past, false}, "too few to say": {priced(300_000, 1), past[:7], false}, "no price": {priced(0, 1), past, false},
		"of another line": {deal("1", func(d *order.Deal) { d.Price, d.PriceLine = 300_000, "night" }), past, false},
	} {
		if f := checkPrice(r, c.d, c.past); (len(f.Lines) > 0) != c.want {
			t.Errorf("%s: %v", name, f.Lines)
		}
	}
}

func TestCircleSharedTimesReportDouble(t *testing.T) {
	r := shipped(t)
	d := deal("1", nil)
	edge := func(from, to string) order.Deal {
		return deal(from+to, func(x *order.Deal) { x.Buyer, x.Provider = from, to })
	}
	for name, c := range map[string]struct {
		edges []order.Deal
		want  int
	}{"one way": {[]order.Deal{edge("firm", "lab"), edge("lab", "x")}, 0}, "back": {[]order.Deal{edge("lab", "firm")}, 1}, "by a third": {[]order.Deal{edge("lab", "x"), edge("x", "firm")}, 2}, "by two": {[]order.Deal{edge("lab", "x"), edge("x", "y"), edge("y", "firm")}, 0}, "none": {nil, 0}} {
		if f := checkCircle(d, c.edges); len(f.Lines) != c.want {
			t.Errorf("circle, %s: %v", name, f.Lines)
		}
	}
	firm := Profile{Org: "firm", Address: "创新大道 9 号 301室", Phone: "0573-1234", People: []string{"p1"}}                                                                                      //i18n:data
	others := []Profile{{Org: "a", Address: "创新大道9号301"}, {Org: "b", Address: "创新大道 9号(301)", People: []string{"p1"}}, {Org: "c", Phone: "05731234"}, {Org: "firm", Address: firm.Address}} //i18n:data
	if f := checkShared(r, firm, others); len(f.Lines) != 3 || !strings.HasPrefix(f.Lines[0].Text, "同一地址") {                                                                                //i18n:data
		t.Errorf("shared: %+v", f.Lines)
	}
	if f := checkShared(r, Profile{Org: "firm"}, []Profile{{Org: "a"}, {Org: "b"}, {Org: "c"}}); len(f.Lines) != 0 {
		t.Errorf("nothing in common: %+v", f.Lines)
	}
	noon := time.Date(2026, 6, 16, 4, 0, 0, 0, time.UTC)
	ran := deal("1", func(x *order.Deal) { x.Begun, x.Minutes = db.NullAt(noon), 600 })
	for name, c := range map[string]struct {
		signed time.Time
		open   int64
		want   int
	}{"in order": {noon.Add(-time.Hour), 600, 0}, "no contract": {time.Time{}, 700, 0}, "contract later that day": {noon.Add(time.Hour), 600, 0}, "contract after": {noon.Add(24 * time.Hour), 600, 1}, "beyond the day": {time.Time{}, 480, 1}, "within the slack": {time.Time{}, 571, 0}, "not known": {time.Time{}, -1, 0}, "both": {noon.Add(24 * time.Hour), 0, 2}} {
		if f := checkTimes(r, ran, Signing{c.signed}, c.open); len(f.Lines) != c.want {
			t.Errorf("times, %s: %v", name, f.Lines)
		}
	}
	d.Reports = []order.Document{{SHA256: "s"}}
	uses := []FileUse{{SHA256: "s", Order: "1"}, {SHA256: "s", Claim: "c", Orders: []string{"1", "2"}}, {SHA256: "s", Order: "2", Number: "DD-2"}, {SHA256: "z", Order: "2"}, {SHA256: "z", Claim: "c0", Orders: []string{"9"}, Number: "DF-0"}}
	if f := checkReport(d, []string{"1", "2"}, uses); len(f.Lines) != 2 || f.Lines[0].Args[1] != "DD-2" || f.Lines[1].Args[1] != "DF-0" {
		t.Errorf("report: %+v", f.Lines)
	}
	twin := deal("2", func(x *order.Deal) { x.Programme = "q" })
	if f := checkDouble(r, d, Card{}, []order.Deal{twin, deal("3", nil), deal("4", func(x *order.Deal) { x.Programme, x.Price = "q", 1 })}); len(f.Lines) != 1 {
		t.Errorf("double: %+v", f.Lines)
	}
	if f := checkDouble(r, d, Card{Name: "card", Project: "N1", Public: true}, nil); len(f.Lines) != 1 {
		t.Errorf("double: %+v", f.Lines)
	}
}

// Who is neither side is named to officers only.
func TestPartiesSeeTheirOwnOnly(t *testing.T) {
	f := Flag{Kind: Circle, Firm: "firm", Provider: "lab", Evidence: `[{"text":"a","args":["org:lab","org:x"]},{"text":"b","args":["org:lab","org:firm"]}]`}
	if got := f.shownTo("firm"); len(got) != 1 || got[0].Text != "b" {
		t.Error(got)
	}
	f.Kind = Price
	if got := f.shownTo("lab"); len(got) != 1 {
		t.Error(got)
	}
}

func TestWhatIsFoundDoesNotDependOnTheOrder(t *testing.T) {
	r := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 25).Draw(t, "n")
		d := deal("1", func(x *order.Deal) { x.Price = money.Fen(rapid.Int64Range(0, 1_000_000).Draw(t, "price")) })
		past := make([]order.Deal, n)
		for i := range past {
			past[i] = deal(fmt.Sprint("p", i), func(x *order.Deal) {
				x.Price = money.Fen(rapid.Int64Range(0, 1_000_000).Draw(t, "past"))
				x.Voucher = x.Price / 2
			})
		}
		back := slices.Clone(past)
		slices.Reverse(back)
		a, b := checkPrice(r, d, past), checkPrice(r, d, back)
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("%v, turned round %v", a, b)
		}
		s := checkSplitting(r, d, past, 500_000)
		if fmt.Sprint(s) != fmt.Sprint(checkSplitting(r, d, back, 500_000)) {
			t.Fatal("splitting depends on the order")
		}
		var prices []int64
		for _, x := range past {
			if x.Price > 0 {
				prices = append(prices, int64(x.Price))
			}
		}
		if len(prices) == 0 {
			return
		}
		m := median(prices)
		if m < slices.Min(prices) || m > slices.Max(prices) || deviation(prices) < 0 || deviation(prices) > slices.Max(prices) {
			t.Fatalf("median %d, deviation %d of %v", m, deviation(prices), prices)
		}
		if len(a.Lines) > 0 && (len(prices) < r.Price.Sample || each(d) == m) {
			t.Fatalf("flagged: %v", a)
		}
	})
}
