package columns

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/catalogue/kinds"
)

func TestHeadings(t *testing.T) {
	p := New(kinds.All())
	for heading, want := range map[string]string{
		"仪器设备名称": "name_zh", "设备名称": "name_zh", "Equipment name": kinds.TargetName, "instrument": kinds.TargetName, "单位名称": "", "企业名称": "",
		"联系人电话": "phone", "联系人": "contact", "供应商电话": "", "负责人电话": "", "contact_email": "email", "supplier_email": "", "owner phone": "",
		"原值（万元）": "worth", "购置金额(元)": "worth", "所属单位": "department", "统一社会信用代码": "", "SerialNumber": "serial", "启用日期": "commissioned", "质保截止日期": "",
		"gui ge xing hao": "model", "HS编码（税号）": "hs_code", "备注": "summary", "所在单位": "",
	} {
		got := p.Propose("", []string{heading}, nil, "instrument").Columns[0]
		if got.Target != want || (got.Sure == Open) != (want == "") {
			t.Errorf("%s is %q (%d), not %q", heading, got.Target, got.Sure, want)
		}
	}
}

func TestValuesSpeak(t *testing.T) {
	p := New(kinds.All())
	rows := func(cells ...string) [][]string {
		out := make([][]string, len(cells))
		for i, c := range cells {
			out[i] = []string{c}
		}
		return out
	}
	for _, c := range []struct {
		heading string
		cells   []string
		want    string
		reading Reading
	}{
		{"启用日期", []string{"很久以前", "不详", "去年"}, "", Reading{}},
		{"启用日期", []string{"31/12/2019", "05/06/2020"}, "commissioned", Reading{Dates: DayFirst}},
		{"启用日期", []string{"12/31/2019", "05/06/2020"}, "commissioned", Reading{Dates: MonthFirst}},
		{"原值", []string{"1250000", "880000"}, "worth", Reading{Yuan: true}},
		{"原值", []string{"125", "88.5"}, "worth", Reading{}},
		{"原值（元）", []string{"125", "88.5"}, "worth", Reading{Yuan: true}},
		{"原值", []string{"1.250,50", "880,00"}, "worth", Reading{Comma: true}},
		{"对外单价（美元）", []string{"12.50", "面议"}, kinds.TargetExternal, Reading{Currency: "USD"}},
		{"单价", []string{"1250000", "880000"}, "worth", Reading{Yuan: true}},
		{"怎么找我们", []string{"a@example.com", "b@example.com"}, "email", Reading{}},
		{"编号", []string{"1", "1", "1", "1"}, "", Reading{}},
	} {
		got := p.Propose("", []string{c.heading}, rows(c.cells...), "instrument").Columns[0]
		if got.Target != c.want || !reflect.DeepEqual(got.Reading, c.reading) {
			t.Errorf("%s %v is %q %+v, not %q %+v", c.heading, c.cells, got.Target, got.Reading, c.want, c.reading)
		}
	}
}

func TestReadings(t *testing.T) {
	worth := kinds.Field{Name: "worth", Type: kinds.Wan}
	price := kinds.Field{Name: kinds.TargetExternal, Type: kinds.Text}
	date, flag := kinds.Field{Type: kinds.Date}, kinds.Field{Type: kinds.Flag}
	words := map[string]string{"接受": "yes", "拒绝": "no", "—": ""}
	for _, c := range []struct {
		r        Reading
		f        kinds.Field
		in, want string
	}{
		{Reading{Yuan: true}, worth, "¥1,250,000元", "125.000000"},
		{Reading{Yuan: true, Comma: true}, worth, "1.250.000,00", "125.000000"},
		{Reading{Yuan: true}, worth, "不详", "不详"},
		{Reading{Currency: "AUD"}, price, "AUD 352.00", "352.00"},
		{Reading{Currency: "EUR", Comma: true}, price, "€1.352,50", "1352.50"},
		{Reading{Dates: MonthFirst}, date, "12/31/2019", "2019-12-31"},
		{Reading{Dates: DayFirst}, date, "31.12.2019 08:00", "2019-12-31"},
		{Reading{Dates: DayFirst}, date, "2019-12-31", "2019-12-31"},
		{Reading{Words: words}, flag, "接受", "yes"},
		{Reading{Words: words}, flag, "拒绝", "no"},
		{Reading{Words: words}, flag, "—", ""},
		{Reading{Words: words}, flag, "再说", "再说"},
		{Reading{Words: words}, date, "接受", "接受"},
	} {
		if got := c.r.Text(c.f, c.in); got != c.want {
			t.Errorf("%+v %q is %q, not %q", c.r, c.in, got, c.want)
		}
	}
}

func TestUnread(t *testing.T) {
	rows := [][]string{{"接受"}, {"是"}, {"拒绝"}, {""}, {"拒绝"}}
	if got := Unread(kinds.Field{Type: kinds.Flag}, rows, 0); !slices.Equal(got, []string{"拒绝", "接受"}) {
		t.Errorf("%q", got)
	}
	if got := Unread(kinds.Field{Type: kinds.Text}, rows, 0); got != nil {
		t.Errorf("%q", got)
	}
}

func TestKinds(t *testing.T) {
	p := New(kinds.All())
	for file, c := range map[string]struct {
		headings string
		kind     string
	}{
		"a.csv":     {"专家姓名,职称,工作单位,研究方向", "expert"},
		"b.csv":     {"标准号,标准名称,实施日期", "standard"},
		"平台清单.xlsx": {"名称,依托单位,负责人", "base"},
		"c.csv":     {"设备名称,型号,厂商", "instrument"},
		"d.csv":     {"成果名称,权利人,技术成熟度,转化方式", "achievement"},
	} {
		if got := p.Propose(file, strings.Split(c.headings, ","), nil, ""); got.Kind != c.kind {
			t.Errorf("%s %s is %s, not %s", file, c.headings, got.Kind, c.kind)
		}
	}
}

// headingsIn draws headings that differ: real ones, of people, and noise.
func headingsIn(t *rapid.T) []string {
	pool := []string{"名称", "仪器名称", "型号", "规格型号", "编号", "id", "state_id", "state_name", "单价", "计价单位", "联系人", "电话", "手机", "邮箱", "备注", "简介", "启用日期", "购置日期", "原值", "状态", "运行状态", "类别", "facility", "units", "eus_name", "eus_id", "eus_notes", "什么", "X"}
	return rapid.SliceOfNDistinct(rapid.OneOf(rapid.SampledFrom(pool), rapid.StringN(0, 12, 40)), 1, 12, rapid.ID[string]).Draw(t, "headings")
}

func TestOrderOfColumnsSaysNothing(t *testing.T) {
	p := New(kinds.All())
	rapid.Check(t, func(t *rapid.T) {
		headings := headingsIn(t)
		cells := rapid.OneOf(rapid.SampledFrom([]string{"", "0", "1", "2020-01-31", "12.5", "1250000", "a@example.com", "小时", "正常", "示例"}), rapid.StringN(0, 8, 24))
		rows := make([][]string, rapid.IntRange(0, 6).Draw(t, "rows"))
		for i := range rows {
			for range headings {
				rows[i] = append(rows[i], cells.Draw(t, "cell"))
			}
		}
		order := make([]int, len(headings))
		for i := range order {
			order[i] = i
		}
		order = rapid.Permutation(order).Draw(t, "order")
		mixed, mixedRows := make([]string, len(headings)), make([][]string, len(rows))
		for to, from := range order {
			mixed[to] = headings[from]
			for i := range rows {
				mixedRows[i] = append(mixedRows[i], rows[i][from])
			}
		}
		a, b := p.Propose("", headings, rows, ""), p.Propose("", mixed, mixedRows, "")
		if a.Kind != b.Kind {
			t.Fatalf("kind %s becomes %s", a.Kind, b.Kind)
		}
		taken := map[string]bool{}
		for to, from := range order {
			if !reflect.DeepEqual(a.Columns[from], b.Columns[to]) {
				t.Fatalf("%+v becomes %+v", a.Columns[from], b.Columns[to])
			}
			if target := slot(b.Columns[to].Target); target != "" {
				if taken[target] {
					t.Fatalf("%s twice", target)
				}
				taken[target] = true
			}
		}
	})
}

func FuzzPropose(f *testing.F) {
	f.Add("仪器名称,型号,原值（元）\n示例,X,1250000", "仪器.csv")
	f.Add("name,cost_per_unit_aud,units\nx,1.234,5,HOURS", "")
	f.Add("((((,)))),【,的的的的\n\xff,31/12/2019", "\x00")
	p := New(kinds.All())
	f.Fuzz(func(t *testing.T, text, file string) {
		var rows [][]string
		for _, line := range strings.Split(text, "\n") {
			rows = append(rows, strings.Split(line, ","))
		}
		got := p.Propose(file, rows[0], rows[1:], "")
		if len(got.Columns) != len(rows[0]) {
			t.Fatal("columns are lost")
		}
		k, ok := kinds.All().Find(got.Kind)
		if !ok {
			t.Fatalf("kind %q", got.Kind)
		}
		for i, c := range got.Columns {
			if c.Target != "" && !slices.ContainsFunc(Fields(k), func(f kinds.Field) bool { return f.Name == c.Target }) {
				t.Fatalf("%q of %s", c.Target, got.Kind)
			}
			for _, s := range c.Samples {
				c.Reading.Text(kinds.Field{Type: kinds.Wan}, s)
			}
			if c.Heading != rows[0][i] {
				t.Fatal("a heading is lost")
			}
		}
	})
}

// BenchmarkPropose proposes for a list of 31 columns and 200 rows, for every kind.
func BenchmarkPropose(b *testing.B) {
	rows := read(b, "testdata/pnnl-instrument-name.csv")
	list := rows[2:]
	for len(list) < 200 {
		list = append(list, rows[2:]...)
	}
	p := New(kinds.All())
	for b.Loop() {
		p.Propose("", rows[1], list[:200], "")
	}
}
