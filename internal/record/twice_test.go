package record

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiao/internal/platform/db"
)

func at(t testing.TB, text string) db.Time {
	t.Helper()
	when, _, ok := parseTime(text, "")
	if !ok {
		t.Fatalf("%q is no time", text)
	}
	return db.At(when)
}

func service(t testing.TB, start string, change func(*Record)) Record {
	t.Helper()
	r := Record{ID: "x", Source: FromSheet, State: Kept, Entry: Entry{Resource: "sem", User: "示例·甲公司", Start: at(t, start), Timed: len(start) > 10, Hours: 200}} //i18n:data
	if change != nil {
		change(&r)
	}
	r.settle("")
	return r
}

func TestTwice(t *testing.T) {
	order := func(r *Record) {
		r.Source, r.Order, r.OrderNumber, r.End = FromOrder, "o1", "DD3304-20261103-0001", db.NullAt(r.Start.Add(3*time.Hour))
	}
	for name, x := range map[string]struct {
		a, b Record
		want string
	}{
		"the same minute and user":       {service(t, "2026-11-03 09:00", nil), service(t, "2026-11-03 09:00", nil), TwiceTime},
		"another minute":                 {service(t, "2026-11-03 09:00", nil), service(t, "2026-11-03 13:00", nil), ""},
		"another instrument":             {service(t, "2026-11-03 09:00", nil), service(t, "2026-11-03 09:00", func(r *Record) { r.Resource = "tem" }), ""},
		"another user":                   {service(t, "2026-11-03 09:00", nil), service(t, "2026-11-03 09:00", func(r *Record) { r.User = "示例·乙公司" }), ""},                           //i18n:data
		"the user in other width":        {service(t, "2026-11-03", func(r *Record) { r.User = "ＡＢ 公司" }), service(t, "2026-11-03", func(r *Record) { r.User = "ab公司" }), TwiceTime}, //i18n:data
		"one without a time of day":      {service(t, "2026-11-03", nil), service(t, "2026-11-03 09:00", nil), TwiceTime},
		"days with numbers of their own": {service(t, "2026-11-03", func(r *Record) { r.OwnNumber = "1" }), service(t, "2026-11-03", func(r *Record) { r.OwnNumber = "2" }), ""},
		"one of two days numbered":       {service(t, "2026-11-03", func(r *Record) { r.OwnNumber = "1" }), service(t, "2026-11-03", nil), TwiceTime},
		"minutes with numbers":           {service(t, "2026-11-03 09:00", func(r *Record) { r.OwnNumber = "1" }), service(t, "2026-11-03 09:00", func(r *Record) { r.OwnNumber = "2" }), TwiceTime},
		"the same number, another day":   {service(t, "2026-11-03", func(r *Record) { r.OwnNumber = "1" }), service(t, "2026-11-04", func(r *Record) { r.OwnNumber = "1" }), TwiceNumber},
		"the same papers, another spelling": {service(t, "2026-11-03", func(r *Record) { r.Contract, r.Invoice = "HT1", "99" }),
			service(t, "2026-11-03", func(r *Record) { r.Contract, r.Invoice, r.User = "HT1", "99", "甲总部" }), TwicePapers}, //i18n:data
		"the same invoice, another day": {service(t, "2026-11-03", func(r *Record) { r.Contract, r.Invoice = "HT1", "99" }), service(t, "2026-11-04", func(r *Record) { r.Contract, r.Invoice = "HT1", "99" }), ""},
		"an order and its day":          {service(t, "2026-11-03 09:00", order), service(t, "2026-11-03", nil), TwiceTime},
		"an order and a part of it":     {service(t, "2026-11-03 09:00", order), service(t, "2026-11-03 10:00", func(r *Record) { r.End = db.NullAt(r.Start.Add(time.Hour)) }), TwiceTime},
		"an order and the afternoon":    {service(t, "2026-11-03 09:00", order), service(t, "2026-11-03 14:00", func(r *Record) { r.End = db.NullAt(r.Start.Add(time.Hour)) }), ""},
		"an order by its number":        {service(t, "2026-11-03 09:00", order), service(t, "2026-10-01", func(r *Record) { r.OwnNumber = "DD3304-20261103-0001" }), TwiceOrder},
	} {
		if got := Twice(x.a, x.b); got != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
}

// Which of two records comes first does not matter, and every record is the same service as itself.
func TestTwiceEitherWay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(name string) Record {
			start := rapid.SampledFrom([]string{"2026-11-03", "2026-11-03 09:00", "2026-11-03 10:00", "2026-11-04"}).Draw(rt, name)
			return service(t, start, func(r *Record) {
				pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, name+what) }
				r.Resource, r.User, r.OwnNumber, r.Contract, r.Invoice = pick("r", "sem", "tem"), pick("u", "a", "b"), pick("n", "", "1", "2"), pick("c", "", "c"), pick("i", "", "i")
				if r.Source = pick("s", FromSheet, FromOrder); r.Source == FromOrder {
					r.OrderNumber = pick("o", "1", "9")
					r.End = db.NullAt(r.Start.Add(time.Duration(rapid.IntRange(1, 30).Draw(rt, name+"h")) * time.Hour))
				}
			})
		}
		a, b := draw("a"), draw("b")
		if x, y := Twice(a, b), Twice(b, a); x != y {
			rt.Fatalf("%q one way, %q the other", x, y)
		}
		if a.OwnNumber == "" && Twice(a, a) == "" {
			rt.Fatal("not the same as itself")
		}
	})
}
