package data_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"qiao/data"
)

func all[T any](t *testing.T, read func() ([]T, error), want int) []T {
	t.Helper()
	rows, err := read()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != want {
		t.Errorf("%d rows, want %d", len(rows), want)
	}
	return rows
}

func byKey[T any](rows []T, key func(T) string) map[string]T {
	m := make(map[string]T, len(rows))
	for _, r := range rows {
		m[key(r)] = r
	}
	return m
}

func TestRegions(t *testing.T) {
	rows := all(t, data.Regions, 3439)
	count := map[string]int{}
	m := byKey(rows, func(r data.Region) string { return r.Code })
	for _, r := range rows {
		if r.Current {
			count[r.Level]++
			if p := m[r.Parent]; r.Parent != "" && !p.Current || (r.Parent == "") != (r.Level == data.Province) {
				t.Errorf("%s %s hangs on %q", r.Code, r.NameZH, r.Parent)
			}
		}
	}
	for level, want := range map[string]int{data.Province: 34, data.City: 333, data.County: 2851, data.Zone: 124} {
		if count[level] != want {
			t.Errorf("%d of level %s, want %d", count[level], level, want)
		}
	}
	for _, want := range []data.Region{
		{Code: "330000", Level: data.Province, NameZH: "浙江省", NameEN: "Zhejiang", Current: true, Sources: "dapl"},
		{Code: "330400", Parent: "330000", Level: data.City, NameZH: "嘉兴市", NameEN: "Jiaxing", Lat: "30.762653", Lng: "120.750865", Current: true, Sources: "dapl"},
		{Code: "330402", Parent: "330400", Level: data.County, NameZH: "南湖区", NameEN: "Nanhu District", Current: true, Sources: "dapl"},
		{Code: "310112", Parent: "310000", Level: data.County, NameZH: "闵行区", NameEN: "Minhang District", Current: true, Sources: "dapl"},
		{Code: "429004", Parent: "420000", Level: data.County, NameZH: "仙桃市", Lat: "30.364953", Lng: "113.453974", Current: true, Sources: "dap"},
		{Code: "320576", Parent: "320500", Level: data.Zone, NameZH: "苏州工业园区", Current: true, Sources: "d"},
		{Code: "330104", Parent: "330100", Level: data.County, NameZH: "江干区", NameEN: "Jianggan District", Sources: "apl"},
	} {
		if got := m[want.Code]; got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestInstitutions(t *testing.T) {
	rows := all(t, data.Institutions, 2263)
	regions := byKey(all(t, data.Regions, 3439), func(r data.Region) string { return r.Code })
	by, delta := map[string]int{}, 0
	for _, i := range rows {
		by[i.RegionBy]++
		if i.Delta {
			delta++
		}
		if r, ok := regions[i.Region]; i.Region != "" && (!ok || !r.Current) {
			t.Errorf("%s lies in %q, which is not there", i.ROR, i.Region)
		}
		if (i.Region == "") != (i.RegionBy == "") || len(i.ROR) != 9 {
			t.Errorf("%+v", i)
		}
	}
	if delta != 529 || by["city"] < 2000 || by[""] > 30 {
		t.Errorf("%d in the Delta, found by %v", delta, by)
	}
	m := byKey(rows, func(i data.Institution) string { return i.NameEN })
	for name, region := range map[string]string{
		"Jiaxing University": "330400", "Zhejiang University": "330100", "Sichuan University": "510100",
		"Tsinghua University": "110000", "Duke Kunshan University": "320583",
	} {
		if got := m[name]; got.Region != region {
			t.Errorf("%s lies in %q, want %s", name, got.Region, region)
		}
	}
	zh := byKey(rows, func(i data.Institution) string { return i.NameZH })
	if got := zh["贵州省农业科学院"]; got.Region != "" { // ROR puts it into a town of Hubei
		t.Errorf("an institution of Guizhou lies in %s", got.Region)
	}
}

func TestAwards(t *testing.T) {
	rows := all(t, data.Awards, 17926)
	linked := 0
	for _, a := range rows {
		if a.ROR != "" {
			linked++
		}
		if a.Leader == "" || a.Amount < 0 || len(a.From) != 7 || len(a.To) != 7 {
			t.Errorf("%+v", a)
		}
	}
	if linked < 14000 {
		t.Errorf("%d awards are linked to an institution", linked)
	}
	m := byKey(rows, func(a data.Award) string { return a.Number })
	want := data.Award{Number: "71701001", Class: "青年科学基金项目", Title: "基于Z-数信息的多属性群决策方法及其应用研究", Institution: "安徽大学", Leader: "陶志富", Amount: 18_000_000, From: "2018-01", To: "2020-12", Grade: "尚未评估", ROR: m["71701001"].ROR}
	if m["71701001"] != want {
		t.Errorf("got %+v, want %+v", m["71701001"], want)
	}
}

// Dirty rows are kept and flagged; a flag says the truth and the truth has a flag.
func TestCalls(t *testing.T) {
	rows := all(t, data.Calls, 15510)
	count := map[string]int{}
	for i, c := range rows {
		for _, f := range c.Flags {
			count[f]++
		}
		_, err := time.Parse(time.DateOnly, c.Deadline)
		if (err != nil) != slices.Contains(c.Flags, data.FlagDeadline) {
			t.Errorf("row %d: deadline %q, flags %v", i, c.Deadline, c.Flags)
		}
		if strings.HasPrefix(c.Title, "[") {
			t.Errorf("row %d: title %q", i, c.Title)
		}
	}
	for flag, want := range map[string]int{data.FlagPublished: 88, data.FlagDeadline: 83, data.FlagBackwards: 3, data.FlagCut: 1095} {
		if count[flag] != want {
			t.Errorf("%d rows with %s, want %d", count[flag], flag, want)
		}
	}
	if c := rows[0]; c.Serial != 1 || c.Source != "国家重点实验室开放课题" || c.Published != "2017-09-01" || c.Deadline != "2017-09-20" {
		t.Errorf("first call: %+v", c)
	}
}

func TestCodeLists(t *testing.T) {
	for name, list := range map[string]struct {
		read    func() ([]data.Code, error)
		n       int
		code    string
		zh, en  string
		parents bool
	}{
		"classes":     {data.InstrumentClasses, 78, "0102", "质谱仪器", "", false},
		"industries":  {data.Industries, 1971, "0111", "稻谷种植", "", true},
		"disciplines": {data.Disciplines, 2916, "A0101", "数论", "Number Theory", true},
	} {
		rows := all(t, list.read, list.n)
		m := byKey(rows, func(c data.Code) string { return c.Code })
		if c := m[list.code]; c.NameZH != list.zh || c.NameEN != list.en {
			t.Errorf("%s: %+v", name, c)
		}
		for _, c := range rows {
			if p, ok := m[c.Parent]; list.parents && c.Parent != "" && (!ok || p.Level != c.Level-1) {
				t.Errorf("%s: %s hangs on %q", name, c.Code, c.Parent)
			}
		}
	}
}
