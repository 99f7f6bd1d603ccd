package pricing

import (
	"slices"
	"testing"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
)

// span is a stretch in the region's time: "11-27 18:30" of 2026.
func span(from, to string) Span {
	read := func(s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-"+s, clock.Zone())
		if err != nil {
			panic(err)
		}
		return at
	}
	return Span{read(from), read(to)}
}

// booked is a booking by an outside firm.
func booked(from, to string) Facts {
	return Facts{Kind: "booking", Group: External, Day: "2026-11-23", Quantity: 1, Spans: []Span{span(from, to)}}
}

// asked is a commission of n samples by an outside firm.
func asked(n int64) Facts {
	return Facts{Kind: "commission", Group: External, Day: "2026-11-23", Quantity: n}
}

func (f Facts) as(group string) Facts         { f.Group = group; return f }
func (f Facts) with(id string, n int64) Facts { f.AddOns = map[string]int64{id: n}; return f }
func (f Facts) rated(id string) Facts         { f.Rate = id; return f }
func (f Facts) after(v Volume) Facts          { f.Volume = v; return f }
func (f Facts) samples(n int64) Facts         { f.Quantity = n; return f }
func (f Facts) holidays(off, work string) Facts {
	f.Off, f.Work = []string{off}, []string{work}
	return f
}
func plan(r ...Rate) Plan                        { return Plan{Rates: r} }
func hourly(price money.Fen) Rate                { return Rate{ID: "h", Unit: "hour", Price: price} }
func sampled(price money.Fen) Rate               { return Rate{ID: "s", Unit: "sample", Price: price} }
func (p Plan) periods(x ...Period) Plan          { p.Periods = x; return p }
func (p Plan) adds(a ...AddOn) Plan              { p.AddOns = a; return p }
func (p Plan) off(d ...Discount) Plan            { p.Discounts = d; return p }
func steps(r Rate, reached bool, s ...Step) Rate { r.Steps, r.Reached = s, reached; return r }
func based(r Rate, fee money.Fen, n int64) Rate  { r.Base, r.Covers = fee, n; return r }

func night() Period   { return Period{Text: "夜间", From: "22:00", To: "06:00", Percent: 5_000} }
func evening() Period { return Period{Text: "晚间", From: "18:00", To: "24:00", Percent: 15_000} }
func weekend() Period { return Period{Text: "休息日", Days: "rest", Percent: 20_000} }
func holiday() Period { return Period{Text: "节假日", Days: "holiday", Percent: 30_000} }

// threeGroups is 100 inside, 200 for members, 300 outside, by the hour.
func threeGroups() Plan {
	return plan(Rate{ID: "in", Groups: []string{Internal}, Unit: "hour", Price: 10_000}, Rate{ID: "mem", Groups: []string{Member, "park"}, Unit: "hour", Price: 20_000}, Rate{ID: "ext", Groups: []string{External}, Unit: "hour", Price: 30_000})
}

// operator is an engineer's hours at 150, obligatory or not; grid a consumable at 35 each.
func operator(must bool) AddOn {
	return AddOn{ID: "op", Text: "操作员", Staff: true, Unit: "hour", Price: 15_000, By: ByTime, Must: must}
}
func grid() AddOn {
	return AddOn{ID: "grid", Text: "载网", Unit: "piece", Price: 3_500, By: ByChoice}
}

// mon is Monday 2026-11-23, sat Saturday 2026-11-28. Amounts in fen. The derivations are arithmetic on the row's own
// figures; a row's comment says the sum as it would be worked out on paper.
func examples() []example {
	h300, s120 := plan(hourly(30_000)), plan(sampled(12_000))
	tiers := []Step{{Above: 10, Price: 20_000}, {Above: 50, Price: 15_000}}
	return []example{
		// Hours and their fractions.
		{"two hours", h300, booked("11-23 09:00", "11-23 11:00"), []int64{60_000}},                                                           // 2 × 300
		{"an hour and a half", h300, booked("11-23 09:00", "11-23 10:30"), []int64{45_000}},                                                  // 90/60 × 300
		{"ten minutes", h300, booked("11-23 09:00", "11-23 09:10"), []int64{5_000}},                                                          // 10/60 × 300 = 50
		{"seven minutes", h300, booked("11-23 09:00", "11-23 09:07"), []int64{3_500}},                                                        // 7/60 × 300 = 35
		{"half a fen up", plan(hourly(10_001)), booked("11-23 09:00", "11-23 10:30"), []int64{15_002}},                                       // 1.5 × 100.01 = 150.015 → 150.02
		{"a third of an hour", plan(hourly(10_000)), booked("11-23 09:00", "11-23 09:20"), []int64{3_333}},                                   // 100/3 = 33.333 → 33.33
		{"two thirds", plan(hourly(10_000)), booked("11-23 09:00", "11-23 09:40"), []int64{6_667}},                                           // 200/3 = 66.667 → 66.67
		{"least hours", plan(Rate{ID: "h", Unit: "hour", Price: 30_000, Minimum: 2}), booked("11-23 09:00", "11-23 09:30"), []int64{60_000}}, // 0.5 h counts as 2 × 300
		// Units.
		{"one sample", s120, asked(1), []int64{12_000}},
		{"a hundred samples", s120, asked(100), []int64{1_200_000}}, // 100 × 120
		{"two batches", plan(Rate{ID: "b", Unit: "batch", Price: 80_000}), asked(2), []int64{160_000}},
		{"three pieces", plan(Rate{ID: "p", Unit: "piece", Price: 4_550}), asked(3), []int64{13_650}},                                                 // 3 × 45.50
		{"a day over midnight is two days", plan(Rate{ID: "d", Unit: "day", Price: 100_000}), booked("11-23 20:00", "11-24 02:00"), []int64{200_000}}, // touches 23rd and 24th
		{"a whole day is one day", plan(Rate{ID: "d", Unit: "day", Price: 100_000}), booked("11-23 00:00", "11-24 00:00"), []int64{100_000}},          // half-open: the 24th is not touched
		{"a run whatever its length", plan(Rate{ID: "t", Unit: "time", Price: 50_000}), booked("11-23 09:00", "11-23 15:00"), []int64{50_000}},
		// Groups.
		{"inside", threeGroups(), booked("11-23 09:00", "11-23 11:00").as(Internal), []int64{20_000}},
		{"member", threeGroups(), booked("11-23 09:00", "11-23 11:00").as(Member), []int64{40_000}},
		{"named group", threeGroups(), booked("11-23 09:00", "11-23 11:00").as("park"), []int64{40_000}},
		{"outside", threeGroups(), booked("11-23 09:00", "11-23 11:00"), []int64{60_000}},
		{"a group without a rate pays the outside one", h300, booked("11-23 09:00", "11-23 10:00").as(Member), []int64{30_000}},
		// Flat fee and overage.
		{"within the flat fee", plan(based(hourly(10_000), 50_000, 3)), booked("11-23 09:00", "11-23 11:00"), []int64{50_000}},                      // 2 h ≤ 3 h: 500
		{"just the flat fee", plan(based(hourly(10_000), 50_000, 3)), booked("11-23 09:00", "11-23 12:00"), []int64{50_000}},                        // 3 h: 500
		{"half an hour over", plan(based(hourly(10_000), 50_000, 3)), booked("11-23 09:00", "11-23 12:30"), []int64{50_000, 5_000}},                 // 500 + 0.5 × 100
		{"samples over", plan(based(sampled(8_000), 100_000, 10)), asked(13), []int64{100_000, 24_000}},                                             // 1000 + 3 × 80
		{"start-up fee that covers nothing", plan(based(hourly(20_000), 30_000, 0)), booked("11-23 09:00", "11-23 10:30"), []int64{30_000, 30_000}}, // 300 + 1.5 × 200
		{"overage in steps", plan(steps(based(sampled(8_000), 100_000, 10), false, Step{20, 6_000})), asked(25), []int64{100_000, 80_000, 30_000}},  // 1000 + 10 × 80 + 5 × 60
		// Steps.
		{"below the first step", plan(steps(sampled(30_000), false, tiers...)), asked(10), []int64{300_000}},                                           // 10 × 300
		{"each step its own", plan(steps(sampled(30_000), false, tiers...)), asked(60), []int64{300_000, 800_000, 150_000}},                            // 10 × 300 + 40 × 200 + 10 × 150
		{"all at the step reached", plan(steps(sampled(30_000), true, tiers...)), asked(60), []int64{900_000}},                                         // 60 × 150
		{"at the edge the step is not reached", plan(steps(sampled(30_000), true, tiers...)), asked(50), []int64{1_000_000}},                           // 50 × 200: beyond 50 begins at 51
		{"hours in steps, broken", plan(steps(hourly(30_000), false, Step{2, 20_000})), booked("11-23 09:00", "11-23 11:45"), []int64{60_000, 15_000}}, // 2 × 300 + 0.75 × 200
		// Times.
		{"crossing into the evening", h300.periods(evening()), booked("11-23 17:15", "11-23 19:00"), []int64{22_500, 45_000}},                                    // 0.75 × 300 + 1 × 450
		{"over midnight", h300.periods(night()), booked("11-23 21:00", "11-24 07:30"), []int64{75_000, 120_000}},                                                 // 1 h + 1.5 h day = 2.5 × 300; 8 × 150
		{"over midnight into the weekend", h300.periods(weekend()), booked("11-27 22:00", "11-28 02:00"), []int64{60_000, 120_000}},                              // Fri 2 × 300; Sat 2 × 600
		{"the night wins over the weekend as it stands first", h300.periods(night(), weekend()), booked("11-28 20:00", "11-28 23:00"), []int64{120_000, 15_000}}, // 2 × 600 + 1 × 150
		{"a holiday", h300.periods(holiday(), weekend()), booked("11-25 09:00", "11-25 10:00").holidays("2026-11-25", ""), []int64{90_000}},                      // 1 × 900
		{"a make-up Saturday is a working day", h300.periods(weekend()), booked("11-28 09:00", "11-28 10:00").holidays("", "2026-11-28"), []int64{30_000}},
		{"a night that began on Sunday", h300.periods(Period{Text: "周日夜", Weekdays: []int64{7}, From: "22:00", To: "06:00", Percent: 5_000}), booked("11-23 05:00", "11-23 07:00"), []int64{15_000, 30_000}}, // Mon 5–6 belongs to Sunday's night
		{"a minute before and after", plan(hourly(6_000)).periods(evening()), booked("11-23 17:59", "11-23 18:01"), []int64{100, 150}},                                                                       // 1/60 × 60 + 1/60 × 90
		{"steps and times together", plan(steps(hourly(30_000), false, Step{2, 20_000})).periods(evening()), booked("11-23 17:00", "11-23 20:00"), []int64{30_000, 45_000, 30_000}},                          // 1 × 300, 1 × 450, third hour 1 × 200 × 1.5
		{"the flat fee takes the first hours", plan(based(hourly(10_000), 50_000, 2)).periods(evening()), booked("11-23 17:00", "11-23 20:00"), []int64{50_000, 15_000}},                                     // covers 17–19; 19–20 at 150
		{"a period's price is rounded first", plan(hourly(333)).periods(Period{Text: "半价", Percent: 5_000}), booked("11-23 09:00", "11-23 12:00"), []int64{501}},                                             // 3.33 × 0.5 = 1.665 → 1.67; × 3
		// Least charge.
		{"topped up", plan(Rate{ID: "h", Unit: "hour", Price: 10_000, Least: 30_000}), booked("11-23 09:00", "11-23 11:00"), []int64{20_000, 10_000}}, // 200 + 100 to 300
		{"above the least", plan(Rate{ID: "h", Unit: "hour", Price: 10_000, Least: 30_000}), booked("11-23 09:00", "11-23 13:00"), []int64{40_000}},
		// Add-ons.
		{"an operator that must be there", h300.adds(operator(true)), booked("11-23 09:00", "11-23 10:30"), []int64{45_000, 22_500}}, // 450 + 1.5 × 150
		{"an operator nobody asked for", h300.adds(operator(false)), booked("11-23 09:00", "11-23 10:30"), []int64{45_000}},
		{"chosen grids", h300.adds(grid()), booked("11-23 09:00", "11-23 10:00").with("grid", 6), []int64{30_000, 21_000}}, // 300 + 6 × 35
		{"a cup for each sample", s120.adds(AddOn{ID: "cup", Text: "样品杯", Unit: "piece", Price: 250, By: ByQuantity, Must: true}), asked(8), []int64{96_000, 2_000}},
		{"a report once", s120.adds(AddOn{ID: "rep", Text: "中文报告", Unit: "time", Price: 20_000, By: ByOrder}), asked(8).with("rep", 1), []int64{96_000, 20_000}},
		// Discounts.
		{"ten percent off", h300.off(Discount{Text: "九折", Percent: 1_000}), booked("11-23 09:00", "11-23 11:00"), []int64{60_000, -6_000}},
		{"an amount, then a percentage of the rest", h300.off(Discount{Text: "减", Amount: 10_000}, Discount{Text: "九折", Percent: 1_000}), booked("11-23 09:00", "11-23 11:00"), []int64{60_000, -10_000, -5_000}}, // (600 − 100) × 10 %
		{"a percentage, then an amount", h300.off(Discount{Text: "九折", Percent: 1_000}, Discount{Text: "减", Amount: 10_000}), booked("11-23 09:00", "11-23 11:00"), []int64{60_000, -6_000, -10_000}},
		{"never below nothing", h300.off(Discount{Text: "减", Amount: 99_900_000}), booked("11-23 09:00", "11-23 10:00"), []int64{30_000, -30_000}},
		{"only off the use", h300.adds(operator(true)).off(Discount{Text: "八折", Percent: 2_000, Use: true}), booked("11-23 09:00", "11-23 10:00"), []int64{30_000, 15_000, -6_000}}, // 20 % of 300
		{"by volume in the year", h300.off(Discount{Text: "大客户", Percent: 1_500, Over: OverYear, From: 1_000_000}), booked("11-23 09:00", "11-23 10:00").after(Volume{Year: 1_000_000}), []int64{30_000, -4_500}},
		{"a fen short of the volume", h300.off(Discount{Text: "大客户", Percent: 1_500, Over: OverYear, From: 1_000_000}), booked("11-23 09:00", "11-23 10:00").after(Volume{Year: 999_999}), []int64{30_000}},
		{"by hours in the year", h300.off(Discount{Text: "长用户", Percent: 1_000, Over: OverHours, From: 100}), booked("11-23 09:00", "11-23 10:00").after(Volume{Minutes: 6_000}), []int64{30_000, -3_000}},
		{"from so many samples on", s120.off(Discount{Text: "批量", Percent: 500, Over: OverUnits, From: 20}), asked(20), []int64{240_000, -12_000}},
		{"half a fen of a discount up", plan(sampled(105)).off(Discount{Text: "半", Percent: 5_000}), asked(1), []int64{105, -53}}, // 52.5 → 53
		// Choice and nothing to pay.
		{"the rate chosen", plan(hourly(30_000), sampled(12_000)), booked("11-23 09:00", "11-23 12:00").samples(4).rated("s"), []int64{48_000}},
		{"the first rate fits", plan(sampled(12_000), hourly(30_000)), booked("11-23 09:00", "11-23 12:00").samples(4), []int64{48_000}},
		{"free of charge", h300, Facts{Kind: "booking", Group: External, Quantity: 1, Free: true}, []int64{}},
	}
}

type example struct {
	name  string
	plan  Plan
	facts Facts
	want  []int64 // the amounts of the lines, in fen
}

func TestExamples(t *testing.T) {
	list := examples()
	if len(list) < 40 {
		t.Fatalf("%d examples", len(list))
	}
	for _, x := range list {
		t.Run(x.name, func(t *testing.T) {
			if err := x.plan.Check(); err != nil {
				t.Fatalf("the plan is not well formed: %v", err)
			}
			got, err := Price(x.plan, x.facts)
			if err != nil || !got.Known {
				t.Fatalf("%+v, %v", got, err)
			}
			var amounts []int64
			var total int64
			for _, l := range got.Lines {
				amounts = append(amounts, int64(l.Amount))
			}
			for _, n := range x.want {
				total += n
			}
			if !slices.Equal(amounts, x.want) && len(amounts)+len(x.want) > 0 || int64(got.Total) != total {
				t.Errorf("%v = %v, want %v", amounts, got.Total, x.want)
			}
		})
	}
}

// What cancelling costs: 30 % below 24 hours, half below 4, everything once the start has passed.
func TestCancelFee(t *testing.T) {
	p := Plan{Cancel: []Fee{{Hours: 24, Percent: 3_000}, {Hours: 4, Percent: 5_000}}, NoShow: &Fee{Percent: 10_000}}
	start := span("11-25 09:00", "11-25 10:00").From
	for _, x := range []struct {
		name   string
		before time.Duration
		want   money.Fen
		kind   string
	}{
		{"a day and a minute before", 24*time.Hour + time.Minute, 0, ""},
		{"exactly a day before", 24 * time.Hour, 0, ""},
		{"a minute less than a day", 24*time.Hour - time.Minute, 9_000, LineCancel}, // 30 % of 300
		{"exactly four hours", 4 * time.Hour, 9_000, LineCancel},
		{"three hours before", 3 * time.Hour, 15_000, LineCancel}, // 50 % of 300
		{"at the start", 0, 30_000, LineNoShow},
		{"an hour late", -time.Hour, 30_000, LineNoShow},
	} {
		l, due, err := CancelFee(p, 30_000, start, start.Add(-x.before))
		if err != nil || due != (x.want > 0) || l.Amount != x.want || l.Kind != x.kind && due {
			t.Errorf("%s: %+v %v %v, want %v", x.name, l, due, err, x.want)
		}
	}
	if l, due, _ := CancelFee(Plan{Cancel: []Fee{{Hours: 2, Percent: 9_000, Amount: 5_000}}}, 30_000, start, start.Add(-time.Hour)); !due || l.Amount != 30_000 {
		t.Errorf("never more than the price: %+v", l) // 270 + 50 > 300
	}
	if _, due, _ := CancelFee(Plan{}, 30_000, start, start); due {
		t.Error("a plan without a fee charges one")
	}
}

// Booked 2 hours at 300, ran otherwise.
func TestBill(t *testing.T) {
	two := booked("11-23 09:00", "11-23 11:00")
	ran := func(to string) Facts { return Facts{Spans: []Span{span("11-23 09:00", to)}} }
	for _, x := range []struct {
		name  string
		basis string
		begun int64
		used  Facts
		want  money.Fen
		diff  int
	}{
		{"as booked though it ran shorter", Booked, 0, ran("11-23 10:00"), 60_000, 0},
		{"as used, shorter", Actual, 0, ran("11-23 10:10"), 35_000, 1},                 // 70/60 × 300
		{"as used, in begun quarter hours", Actual, 15, ran("11-23 10:10"), 37_500, 1}, // 75/60 × 300
		{"as used, longer", Actual, 0, ran("11-23 11:20"), 70_000, 1},
		{"the longer: booked", Longer, 0, ran("11-23 10:00"), 60_000, 0},
		{"the longer: used", Longer, 30, ran("11-23 11:20"), 75_000, 1}, // 150/60 × 300
		{"exactly as booked", Actual, 15, ran("11-23 11:00"), 60_000, 0},
		{"nothing was logged", Actual, 15, Facts{}, 60_000, 0},
	} {
		p := plan(hourly(30_000))
		p.Basis, p.Begun = x.basis, x.begun
		got, err := Bill(p, two, x.used)
		if err != nil || got.Total != x.want || got.Estimate != 60_000 || len(got.Changes) != x.diff {
			t.Errorf("%s: %+v %v, want %v", x.name, got, err, x.want)
		}
	}
	more := asked(5)
	got, err := Bill(plan(sampled(12_000)), more, Facts{Quantity: 7})
	if err != nil || got.Total != 84_000 || len(got.Changes) != 1 || got.Changes[0] != (Difference{"quantity", 5, 7}) {
		t.Errorf("two samples more: %+v %v", got, err)
	}
}

// Booked 2 hours at 300 whose overtime costs one and a half times the hour, the first ten minutes nothing: a line of its own.
func TestOvertime(t *testing.T) {
	two := booked("11-23 09:00", "11-23 11:00")
	half := &Overtime{Free: 10, Percent: 15_000}
	for _, x := range []struct {
		name  string
		plan  Plan
		to    string
		lines []int64
	}{
		{"on time", Plan{Overtime: half}, "11-23 11:00", []int64{60_000}},
		{"within the free minutes", Plan{Overtime: half}, "11-23 11:10", []int64{60_000}},
		{"a minute more, and all of it counts", Plan{Overtime: half}, "11-23 11:11", []int64{60_000, 8_250}},                    // 11/60 × 450 = 82.50
		{"in begun half hours", Plan{Overtime: half, Begun: 30}, "11-23 11:11", []int64{60_000, 22_500}},                        // 30/60 × 450
		{"an amount an hour", Plan{Overtime: &Overtime{Price: 50_000}}, "11-23 11:20", []int64{60_000, 16_667}},                 // 20/60 × 500 = 166.667
		{"instead of the longer of both", Plan{Overtime: half, Basis: Longer}, "11-23 12:00", []int64{60_000, 45_000}},          // 1 × 450
		{"the free minutes are free there too", Plan{Overtime: half, Basis: Longer, Begun: 15}, "11-23 11:10", []int64{60_000}}, // as booked
		{"instead of the time used", Plan{Overtime: half, Basis: Actual}, "11-23 11:30", []int64{60_000, 22_500}},               // 0.5 × 450
		{"shorter, as used", Plan{Overtime: half, Basis: Actual}, "11-23 10:00", []int64{30_000}},
		{"no discount on it", Plan{Overtime: half}.off(Discount{Text: "九折", Percent: 1_000}), "11-23 12:00", []int64{60_000, -6_000, 45_000}},
		{"at the hour's price, whatever the time of day", Plan{Overtime: half}.periods(Period{Text: "晚间", From: "11:00", To: "24:00", Percent: 20_000}), "11-23 12:00", []int64{60_000, 45_000}},
		{"no rule, no charge", Plan{}, "11-23 12:00", []int64{60_000}},
	} {
		x.plan.Rates = []Rate{hourly(30_000)}
		if err := x.plan.Check(); err != nil {
			t.Fatal(err)
		}
		got, err := Bill(x.plan, two, Facts{Spans: []Span{span("11-23 09:00", x.to)}})
		var lines []int64
		var sum money.Fen
		for i, l := range got.Lines {
			lines, sum = append(lines, int64(l.Amount)), sum+l.Amount
			if l.Position != int64(i+1) {
				t.Errorf("%s: line %d stands at %d", x.name, i+1, l.Position)
			}
		}
		if err != nil || !slices.Equal(lines, x.lines) || sum != got.Total || (got.Total != got.Estimate) != (len(got.Changes) == 1) {
			t.Errorf("%s: %v = %v, changes %+v, %v; want %v", x.name, lines, got.Total, got.Changes, err, x.lines)
		}
	}
	for name, p := range map[string]Plan{
		"both":                    {Rates: []Rate{hourly(30_000)}, Overtime: &Overtime{Percent: 100, Price: 100}},
		"neither":                 {Rates: []Rate{hourly(30_000)}, Overtime: &Overtime{Free: 5}},
		"negative":                {Rates: []Rate{hourly(30_000)}, Overtime: &Overtime{Price: -1}},
		"a percentage of no hour": {Rates: []Rate{hourly(30_000), sampled(100)}, Overtime: &Overtime{Percent: 15_000}},
	} {
		if p.Check() == nil {
			t.Errorf("%s is well formed", name)
		}
	}
}
