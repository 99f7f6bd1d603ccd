package record

import (
	"testing"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/platform/clock"
)

func TestTimes(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-03": "2026-11-03", "2026/11/3": "2026-11-03", "2026年11月3日": "2026-11-03", "20261103": "2026-11-03", "2026-11-03 00:00:00": "2026-11-03", "46329": "2026-11-03", //i18n:data
		"2026-11-03 09:05": "2026-11-03 09:05", "2026/11/3 9:05:30": "2026-11-03 09:05", "2026年11月3日 9时5分": "2026-11-03 09:05", "2026-11-03T09:05:00+08:00": "2026-11-03 09:05", "46329.375": "2026-11-03 09:00", //i18n:data
		"": "", "yesterday": "", "2026-13-01": "", "2026-02-30": "", "1900-01-01": "", "09:00": "", "12": "", "2026-11-03 25:00": "", "NaN": "", "1e9": "",
	} {
		when, timed, ok := parseTime(text, "")
		got := ""
		switch {
		case ok && timed:
			got = clock.Local(when).Format("2006-01-02 15:04")
		case ok:
			got = clock.Day(when)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if when, timed, ok := parseTime("9:30", "2026/11/3"); !ok || !timed || clock.Local(when).Format("2006-01-02 15:04") != "2026-11-03 09:30" {
		t.Error(when, timed, ok)
	}
}

func TestAmounts(t *testing.T) {
	for text, want := range map[string]int64{"2.5": 250, "2": 200, "0.25 h": 25, "3小时": 300, "1:30": 150, "2小时15分": 225, "1.3333333": 133, "２.５": 250, "-1": -1, "many": -1, "1.5元": -1, "": -1, "1:75": -1} { //i18n:data
		got, ok := parseHundredths(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
	for text, want := range map[string][2]int64{"2.5": {250, 0}, "12个": {0, 12}, "3 样": {0, 3}, "1.5小时": {150, 0}} { //i18n:data
		if h, n, ok := parseQuantity(text); !ok || h != want[0] || n != want[1] {
			t.Errorf("%q: %d %d", text, h, n)
		}
	}
	if _, ok := parseCount("2.5"); ok {
		t.Error("half a sample")
	}
	for minutes, want := range map[int64]int64{0: 0, 30: 50, 80: 133, 100: 167, 60: 100} {
		if got := hundredths(minutes); got != want {
			t.Errorf("%d minutes: %d", minutes, got)
		}
	}
}

func TestCodes(t *testing.T) {
	f := shipped(t)
	for text, want := range map[string]string{"占用共享": "self", "占用共享,委托共享": "self,commissioned", "委托测试": "commissioned", "remote": "remote", "自主上机；远程": "self,remote"} { //i18n:data
		if got, unknown := readCodes(f.Ways, text); joined(got) != want || unknown != "" {
			t.Errorf("%q: %v %q", text, got, unknown)
		}
	}
	for text, want := range map[string]string{"B": "B", "B 国家自然科学基金": "B", "国家科技支撑（攻关）计划": "D", "863计划、973计划": "C,G", "a,p": "A,P"} { //i18n:data
		if got, unknown := readCodes(f.Incomes, text); joined(got) != want || unknown != "" {
			t.Errorf("%q: %v %q", text, got, unknown)
		}
	}
	if _, unknown := readCodes(f.Ways, "占用共享,飞行"); unknown != "飞行" { //i18n:data
		t.Errorf("%q", unknown)
	}
	for text, want := range map[string]string{"校内": insideYes, "校外": insideNo, "2": insideNo, "是": insideYes, "单位外部服务": insideNo, "inside": insideYes, "": ""} { //i18n:data
		if got, ok := parseSide(text); got != want || !ok {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func joined(l []string) string {
	out := ""
	for i, x := range l {
		if i > 0 {
			out += ","
		}
		out += x
	}
	return out
}

func shipped(t testing.TB) Format {
	t.Helper()
	n, err := readNational()
	if err != nil {
		t.Fatal(err)
	}
	return n.on("2026-11-21")
}

func bench(t testing.TB) reader {
	t.Helper()
	return reader{format: shipped(t), now: time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC), instruments: instrumentsOf(someInstruments())}
}

func someInstruments() []catalogue.Resource {
	return []catalogue.Resource{
		{ID: "sem", Kind: "instrument", SourceID: "EQ-1", NameZH: "示例·扫描电镜", NameEN: "Sample · SEM", Model: "S1"}, //i18n:data
		{ID: "tem", Kind: "instrument", SourceID: "EQ-2", NameZH: "示例·透射电镜", NameEN: "Sample · TEM", Model: "T1"}, //i18n:data
		{ID: "xrd1", Kind: "instrument", SourceID: "EQ-3", NameZH: "示例·衍射仪", Model: "X1"},                         //i18n:data
		{ID: "xrd2", Kind: "instrument", SourceID: "EQ-4", NameZH: "示例·衍射仪", Model: "X2"},                         //i18n:data
	}
}

// Each mistake is told beside its field, and nothing else is.
func TestMistakes(t *testing.T) {
	r := bench(t)
	good := map[string]string{FieldInstrument: "EQ-1", FieldStart: "2026-11-03 09:00", FieldEnd: "12:00", FieldUser: "示例·甲公司", FieldHours: "2.5", FieldFee: "1,200.50", FieldWays: "委托共享"} //i18n:data
	e, bad := r.Read(func(f string) string { return good[f] })
	if len(bad) > 0 || e.Resource != "sem" || e.Hours != 250 || e.Fee != 120050 || !e.Timed || e.End.Sub(e.Start.Time) != 3*time.Hour {
		t.Fatal(e, bad)
	}
	for _, x := range []struct{ field, value, wrong string }{
		{FieldInstrument, "EQ-9", FieldInstrument}, {FieldInstrument, "衍射仪", FieldInstrument}, {FieldStart, "soon", FieldStart}, {FieldStart, "2027-01-01", FieldStart}, {FieldEnd, "2026-11-02", FieldEnd}, //i18n:data
		{FieldUser, "", FieldUser}, {FieldHours, "lots", FieldHours}, {FieldHours, "", FieldHours}, {FieldHours, "99", FieldHours}, {FieldFee, "-5", FieldFee}, {FieldFee, "free", FieldFee}, {FieldFee, "99999999999", FieldFee},
		{FieldWays, "飞行", FieldWays}, {FieldUSCC, "123", FieldUSCC}, {FieldApplicant, "一二三四五六七八九十一二三四五六七八九十一", FieldApplicant}, {FieldIncomes, "A,B,C,D,E", FieldIncomes}, {FieldOpinion, "好", FieldOpinion}, //i18n:data
	} {
		_, bad := r.Read(func(f string) string {
			if f == x.field {
				return x.value
			}
			return good[f]
		})
		if len(bad) == 0 || bad[0].Name != x.wrong {
			t.Errorf("%s=%q: %v", x.field, x.value, bad)
		}
	}
}

// Whatever stands in the cells, reading ends with an entry or with problems, and what is written is read as the same again.
func FuzzEntry(f *testing.F) {
	f.Add("2026-11-03 09:00至11:30", "12:00", "2.5", "12个", "1,200", "占用共享,远程", "B 国家自然科学基金", "甲") //i18n:data
	f.Add("46329.375", "", "1:30", "", "¥3", "other", "P", "b")
	f.Add("20261103", "2026年11月4日", "", "2.5小时", "", "", "", "") //i18n:data
	f.Fuzz(func(t *testing.T, start, end, hours, quantity, fee, ways, incomes, user string) {
		r := bench(t)
		in := map[string]string{FieldInstrument: "EQ-1", FieldStart: start, FieldEnd: end, FieldHours: hours, FieldAmount: quantity, FieldFee: fee, FieldWays: ways, FieldIncomes: incomes, FieldUser: user}
		e, bad := r.Read(func(x string) string { return in[x] })
		if len(bad) > 0 {
			return
		}
		if e.Hours < 0 || e.Samples < 0 || e.Fee < 0 || e.Hours == 0 && e.Samples == 0 || e.Start.After(r.now) || !e.End.IsZero() && e.End.Before(e.Start.Time) {
			t.Fatalf("%+v", e)
		}
		again := Record{Entry: e.Entry}.texts()
		if e2, bad := r.Read(func(x string) string { return again[x] }); len(bad) > 0 || changesOf(Record{Entry: e.Entry}, Record{Entry: e2.Entry}) != nil {
			t.Fatalf("%v becomes %v: %v %+v", in, again, bad, e2.Entry)
		}
	})
}
