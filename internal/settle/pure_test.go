package settle

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/identity"
	"qiao/internal/platform/money"
	"qiao/internal/platform/sheet"
	"qiao/internal/voucher"
)

func TestWindowOf(t *testing.T) {
	for _, tc := range []struct {
		months        int
		day, from, to string
	}{
		{1, "2026-11-27", "2026-11-01", "2026-11-30"}, {1, "2024-02-29", "2024-02-01", "2024-02-29"}, {1, "2026-12-31", "2026-12-01", "2026-12-31"},
		{3, "2026-11-27", "2026-10-01", "2026-12-31"}, {12, "2026-11-27", "2026-01-01", "2026-12-31"}, {2, "2026-02-28", "2026-01-01", "2026-02-28"},
	} {
		w, err := Rules{WindowMonths: tc.months}.WindowOf(tc.day)
		if err != nil || w != (Window{tc.from, tc.to}) || !w.Has(tc.day) {
			t.Errorf("%d months, %s: %v %v", tc.months, tc.day, w, err)
		}
	}
	if _, err := (Rules{WindowMonths: 1}).WindowOf("2026-13-01"); err == nil {
		t.Error("no day has a window")
	}
}

func TestNearest(t *testing.T) {
	at := func(id, region string) identity.Organisation { return identity.Organisation{ID: id, Region: region} }
	all := []identity.Organisation{at("province", "330000"), at("county", "330421"), at("city", "330400")}
	for _, tc := range []struct {
		code string
		list []identity.Organisation
		want seat
	}{
		{"330421", all, seat{"330421", "county"}}, {"330402", all[:1], seat{"330000", "province"}}, {"320509", nil, seat{"320509", ""}},
	} {
		if got := nearest(tc.code, tc.list); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.code, got, tc.want)
		}
	}
}

func TestMatch(t *testing.T) {
	w := Window{"2026-11-01", "2026-11-30"}
	line := func(number, what, day string, amount money.Fen) Line {
		return Line{Number: number, What: what, Day: day, Amount: amount}
	}
	base := line("DF1", voucher.MovePay, "2026-11-05", 100)
	for _, tc := range []struct {
		name        string
		mine, yours []Line
		matched     int
		kinds       string
	}{
		{"the same", []Line{base}, []Line{base}, 1, ""},
		{"no day in the list", []Line{base}, []Line{line("DF1", voucher.MovePay, "", 100)}, 1, ""},
		{"another day", []Line{base}, []Line{line("DF1", voucher.MovePay, "2026-11-06", 100)}, 1, ""},
		{"another amount", []Line{base}, []Line{line("DF1", voucher.MovePay, "2026-11-05", 90)}, 0, AmountDiffers},
		{"another event", []Line{base}, []Line{line("DF1", voucher.MoveBounce, "2026-11-05", 100)}, 0, OnlyList + " " + OnlyStatement},
		{"only mine", []Line{base}, nil, 0, OnlyStatement},
		{"only yours", nil, []Line{base}, 0, OnlyList},
		{"yours of December", nil, []Line{line("DF1", voucher.MovePay, "2026-12-01", 100)}, 0, OtherWindow},
		{"twice paid", []Line{base, base}, []Line{base}, 1, OnlyStatement},
		{"two amounts", []Line{base, line("DF1", voucher.MovePay, "2026-11-05", 30)}, []Line{line("DF1", voucher.MovePay, "2026-11-05", 30), line("DF1", voucher.MovePay, "2026-11-05", 99)}, 1, AmountDiffers},
	} {
		t.Run(tc.name, func(t *testing.T) {
			matched, breaks := Match(w, tc.mine, tc.yours)
			var kinds []string
			for _, b := range breaks {
				kinds = append(kinds, b.Kind)
			}
			slices.Sort(kinds)
			if len(matched) != tc.matched || strings.Join(kinds, " ") != tc.kinds {
				t.Errorf("%v %v", matched, breaks)
			}
		})
	}
	_, breaks := Match(w, nil, []Line{base})
	if got := Elsewhere(breaks, []Line{base}, []Line{line("DF1", voucher.MovePay, "2026-10-31", 100)}); got[0].Kind != OtherWindow {
		t.Errorf("in October's statement: %v", got)
	}
}

// lines draws a list; few numbers, so that it meets the other.
func lines(t *rapid.T, label string) []Line {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Line {
		return Line{
			Number: rapid.SampledFrom([]string{"DF1", "DF2"}).Draw(t, "number"), What: rapid.SampledFrom([]string{voucher.MoveApprove, voucher.MovePay}).Draw(t, "what"),
			Day: rapid.SampledFrom([]string{"", "2026-10-31", "2026-11-05", "2026-11-06"}).Draw(t, "day"), Amount: money.Fen(rapid.IntRange(1, 3).Draw(t, "amount")),
		}
	}), 0, 12).Draw(t, label)
}

// Both lists are matched or in a difference, each line once; called the other way round the differences are the same.
func TestMatchIsWholeAndSymmetric(t *testing.T) {
	w := Window{"2026-11-01", "2026-11-30"}
	rapid.Check(t, func(t *rapid.T) {
		mine, yours := lines(t, "mine"), lines(t, "yours")
		matched, breaks := Match(w, mine, yours)
		a, b := make([]int, len(mine)), make([]int, len(yours))
		for _, m := range matched {
			a[m[0]]++
			b[m[1]]++
			if mine[m[0]].Amount != yours[m[1]].Amount || mine[m[0]].Number != yours[m[1]].Number {
				t.Fatalf("%v matches %v", mine[m[0]], yours[m[1]])
			}
		}
		for _, d := range breaks {
			if d.Mine >= 0 {
				a[d.Mine]++
			}
			if d.Yours >= 0 {
				b[d.Yours]++
			}
		}
		if slices.ContainsFunc(append(a, b...), func(n int) bool { return n != 1 }) {
			t.Fatalf("lines are in %v and %v matches and differences", a, b)
		}
		matched2, breaks2 := Match(w, yours, mine)
		flip := map[string]string{OnlyStatement: OnlyList, OnlyList: OnlyStatement}
		if x, y := told(mine, yours, breaks, nil), told(yours, mine, breaks2, flip); len(matched) != len(matched2) || x != y {
			t.Fatalf("%s, the other way round %s", x, y)
		}
	})
}

// told is the differences in words that do not depend on the order of equal lines.
func told(mine, yours []Line, breaks []Difference, flip map[string]string) string {
	var out []string
	for _, d := range breaks {
		kind := cmp.Or(flip[d.Kind], d.Kind)
		var sides []string
		for _, x := range []struct {
			list []Line
			at   int
		}{{mine, d.Mine}, {yours, d.Yours}} {
			if x.at >= 0 {
				l := x.list[x.at]
				sides = append(sides, fmt.Sprint(l.Number, l.What, l.Amount, l.Day))
			}
		}
		slices.Sort(sides)
		out = append(out, kind+strings.Join(sides, "|"))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// What is late lands in the first window that is still open, never before one that has ended; and never nowhere while a window
// that reaches its day is open.
func TestLateLandsInTheNextWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var open []Window
		for m := rapid.IntRange(1, 11).Draw(t, "first"); m <= 12; m++ {
			open = append(open, Window{fmt.Sprintf("2026-%02d-01", m), fmt.Sprintf("2026-%02d-28", m)})
		}
		day := fmt.Sprintf("2026-%02d-%02d", rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day"))
		at := Land(day, open)
		if at < 0 || day > open[at].To || at > 0 && day <= open[at-1].To || at > 0 && day < open[at].From {
			t.Fatalf("%s lands in %d of %v", day, at, open)
		}
	})
	if Land("2027-01-01", []Window{{"2026-01-01", "2026-01-31"}}) != -1 {
		t.Error("lands in a window that has ended")
	}
}

// The bytes do not depend on the order in which the items come, and no value can break a line.
func TestCanonicalBytes(t *testing.T) {
	w := Window{"2026-11-01", "2026-11-30"}
	items := []Item{
		{Day: "2026-11-05", What: voucher.MovePay, Number: "DF1", PayerRegion: "330400", PayeeRegion: "320509", FunderCode: "A", PayeeCode: "B", Amount: 100, Orders: "DD1 DD2"},
		{Day: "2026-11-04", What: voucher.MoveApprove, Number: "DF1", PayerRegion: "330400", PayeeRegion: "320509", FunderCode: "A", PayeeCode: "B", Amount: 100, Orders: "DD1 DD2"},
	}
	want := "qiao-region-statement 1\n320509\t330400\t2026-11-01\t2026-11-30\n2026-11-04\tapprove\tDF1\t330400\t320509\tA\tB\t100\tDD1 DD2\n2026-11-05\tpay\tDF1\t330400\t320509\tA\tB\t100\tDD1 DD2\n2\t200\n"
	if got := Canonical("320509", "330400", w, items); string(got) != want {
		t.Errorf("%q", got)
	}
	if s := SealOf("320509", "330400", w, items); s.Count != 2 || s.Total != 200 || len(s.Digest) != 64 {
		t.Error(s)
	}
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Item {
			return Item{Number: rapid.String().Draw(t, "number"), FunderCode: rapid.String().Draw(t, "funder"), Orders: rapid.String().Draw(t, "orders"), Amount: money.Fen(rapid.IntRange(1, 1e9).Draw(t, "amount"))}
		})).Draw(t, "items")
		once := Canonical("1", "2", w, list)
		if again := Canonical("1", "2", w, rapid.Permutation(list).Draw(t, "order")); !bytes.Equal(once, again) {
			t.Fatalf("%q, then %q", once, again)
		}
		if n := bytes.Count(once, []byte("\n")); n != len(list)+3 {
			t.Fatalf("%d lines for %d items", n, len(list))
		}
	})
}

const sampleList = "日期,事项,兑付编号,金额（元）\n2026/11/5,已支付,df3304-1,1,234.50\n"

func TestReadList(t *testing.T) {
	got, err := ReadList("list.csv", strings.NewReader("对账清单\n日期,事项,兑付编号,金额（元）,备注\n2026/11/5,已支付,df3304-1,\"1,234.50\",x\n,应付,DF3304-2,10,\n合计,,,1244.50,\n"))
	want := []Line{{3, "DF3304-1", voucher.MovePay, "2026-11-05", 123_450}, {4, "DF3304-2", voucher.MoveApprove, "", 1000}}
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("%v %v", got, err)
	}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, sheet.Page{Name: "x", Headings: []string{"Day", "What", "Redemption", "Amount (yuan)"}, Rows: [][]string{{"2026-11-05", "Returned by the bank", "DF1", "1.00"}}}); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadList("list.xlsx", &b); err != nil || len(got) != 1 || got[0].What != voucher.MoveBounce {
		t.Errorf("the list as downloaded in English: %v %v", got, err)
	}
	for _, bad := range []string{"", "事项,兑付编号\n应付,DF1\n", "事项,兑付编号,金额\n核销,DF1,1\n", "事项,兑付编号,金额\n应付,DF1,1.234\n", "事项,兑付编号,金额\n应付,DF1,-1\n", "日期,事项,兑付编号,金额\n昨天,应付,DF1,1\n", "事项,兑付编号,金额\n合计,,3\n"} {
		if got, err := ReadList("list.csv", strings.NewReader(bad)); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}

func FuzzReadList(f *testing.F) {
	f.Add([]byte(sampleList))
	f.Add([]byte("事项\t兑付编号\t金额\n应付\tDF1\t1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadList("list", bytes.NewReader(data))
		for _, l := range got {
			if l.Number == "" || l.What == "" || l.Amount <= 0 || err != nil {
				t.Errorf("%+v %v", l, err)
			}
		}
	})
}
