package milestone

import (
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// What plans come to, worked by hand.
func TestPlansAreDividedToTheFen(t *testing.T) {
	for _, x := range []struct {
		name  string
		total money.Fen
		say   []Draft
		want  []money.Fen
	}{
		{"three, four, three tenths", 100_000, []Draft{{Share: 300}, {Share: 400}, {Share: 300}}, []money.Fen{30_000, 40_000, 30_000}},
		{"a third each, as 333, 333, 334 per mille of 1,000.01", 100_001, []Draft{{Share: 333}, {Share: 333}, {Share: 334}}, []money.Fen{33_300, 33_300, 33_401}},
		{"a fixed sum and the half of 100.01 that is left", 10_001, []Draft{{Amount: 5_001}, {Share: 500}}, []money.Fen{5_001, 5_000}},
		{"fixed sums only", 700, []Draft{{Amount: 1}, {Amount: 699}}, []money.Fen{1, 699}},
		{"one", 1, []Draft{{Share: 1000}}, []money.Fen{1}},
		{"of one fen the last has it", 1, []Draft{{Share: 500}, {Share: 500}}, []money.Fen{0, 1}},
	} {
		got, err := Divide(x.total, x.say)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		for i := range got {
			if got[i] != x.want[i] {
				t.Errorf("%s: %v, not %v", x.name, got, x.want)
			}
		}
	}
	for name, say := range map[string][]Draft{"too little": {{Share: 300}, {Share: 600}}, "too much": {{Share: 700}, {Amount: 40_000}}, "a yuan short": {{Amount: 99_900}}} {
		if _, err := Divide(100_000, say); !fault.Is(err, "milestone-sum") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever the price and the shares: together they are the price, none is negative, and what the buyer pays itself adds up too.
func TestSharesAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		total := money.Fen(rapid.Int64Range(1, 1_000_000_000_000).Draw(rt, "total"))
		left, say := int64(1000), []Draft{}
		for left > 0 && len(say) < Max-1 {
			n := rapid.Int64Range(1, left).Draw(rt, "share")
			say, left = append(say, Draft{Share: n}), left-n
		}
		if left > 0 {
			say = append(say, Draft{Share: left})
		}
		got, err := Divide(total, say)
		if err != nil {
			rt.Fatal(err)
		}
		own := money.Fen(rapid.Int64Range(0, int64(total)).Draw(rt, "own"))
		var sum, owned money.Fen
		for i, part := range Owns(own, got) {
			if got[i] < 0 || part < 0 {
				rt.Fatalf("%v %v", got, part)
			}
			sum, owned = sum+got[i], owned+part
		}
		if sum != total || owned != own {
			rt.Fatalf("%v of %v, %v of %v", sum, total, owned, own)
		}
	})
}

// What is wrong with a plan is named by its place.
func TestCheckNamesTheLine(t *testing.T) {
	good := Draft{Name: "一", Deliverable: "报告", DueOn: "2026-12-01", Share: 500}
	for field, spoil := range map[string]func(d *Draft){
		"":                    func(*Draft) {},
		"stage-name-1":        func(d *Draft) { d.Name = " " },
		"stage-deliverable-1": func(d *Draft) { d.Deliverable = "" },
		"stage-due-1":         func(d *Draft) { d.DueOn = "2026-11-30" }, // before the one above
		"stage-share-1":       func(d *Draft) { d.Amount = 5 },           // both
	} {
		second := good
		spoil(&second)
		bad := fault.New(fault.Invalid, "x", "订单")
		Check(bad, []Draft{good, second}, "2026-11-21")
		switch {
		case field == "" && len(bad.Fields) != 0, field != "" && (len(bad.Fields) != 1 || bad.Fields[0].Name != field):
			t.Errorf("%s: %+v", field, bad.Fields)
		}
	}
}

// Accepted milestones count as invoiced and paid from the first on, as far as the money goes.
func TestWhatIsPaid(t *testing.T) {
	all := []Milestone{{Amount: 30_000, State: Accepted}, {Amount: 40_000, State: Accepted}, {Amount: 30_000, State: Planned}}
	for _, x := range []struct {
		m    Money
		want [3]string
	}{
		{Money{Own: 50_000}, [3]string{"due", "due", ""}},
		{Money{Own: 50_000, Invoiced: 30_000}, [3]string{"invoiced", "due", ""}},
		{Money{Own: 50_000, Invoiced: 70_000, Paid: 15_000}, [3]string{"paid", "invoiced", ""}},
		{Money{Own: 50_000, Paid: 35_000}, [3]string{"paid", "paid", ""}},
	} {
		for i, r := range rows(all, x.m) {
			if r.Paid != x.want[i] {
				t.Errorf("%+v, %d: %q, not %q", x.m, i, r.Paid, x.want[i])
			}
		}
	}
	if got := OwnPayable(50_000, all); got != 35_000 {
		t.Errorf("own payable %v", got)
	}
}
