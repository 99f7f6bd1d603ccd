package importing

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

// draftTasks are the files of sub's organisation that wait for somebody to say what their columns mean.
func (s *Service) draftTasks(ctx context.Context, sub identity.Subject) ([]ui.Task, error) {
	drafts, err := s.Drafts(ctx, sub, 3)
	var out []ui.Task
	for _, d := range drafts {
		if d.Org == sub.Org {
			out = append(out, ui.Task{Title: t(ctx, "核对上传文件的各列"), Note: d.Name, Link: "/desk/import-drafts/" + d.ID, Icon: "file-spreadsheet", Since: d.At.Time})
		}
	}
	return out, err
}

// rowText is the number of a row in words.
func rowText(ctx context.Context, n int) string { return t(ctx, "第 {0} 行", fmt.Sprint(n)) }

// kindOptions are the kinds a file may be of.
func (v draftView) kindOptions(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(v.s.kinds))
	for i, k := range v.s.kinds {
		out[i] = ui.Option{Value: k.Name, Label: kindName(ctx, k)}
	}
	return out
}

func (v draftView) sheetOptions() []ui.Option {
	out := make([]ui.Option, len(v.Sheets))
	for i, name := range v.Sheets {
		out[i] = ui.Option{Value: name, Label: name}
	}
	return out
}

// targetOptions are what a column may mean, in the sections of a record's page.
func (v draftView) targetOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: kinds.TargetNone, Label: t(ctx, "不导入这一列")}}
	groups := append(slices.Clone(kinds.Groups()), kinds.Group{Name: "price", ZH: "价格", EN: "Prices"}) //i18n:data a heading in both languages
	fields := columns.Fields(v.Kind)
	for _, g := range groups {
		for _, f := range fields {
			if f.Group == g.Name {
				out = append(out, ui.Option{Value: f.Name, Label: fieldLabel(ctx, f), Group: i18n.Pick(ctx, g.ZH, g.EN)})
			}
		}
	}
	return out
}

func fieldLabel(ctx context.Context, f kinds.Field) string {
	label := i18n.Pick(ctx, f.ZH, f.EN)
	if strings.HasPrefix(f.Name, "@price") { // which money it is stands beside it
		label, _, _ = strings.Cut(strings.ReplaceAll(label, " (", "（"), "（") //i18n:data a bracket
	}
	if unit := i18n.Pick(ctx, f.UnitZH, f.UnitEN); unit != "" {
		label += " (" + unit + ")"
	}
	return label
}

// sure says how sure the choice of a column is.
func (l columnLine) sure(ctx context.Context) ui.Chip {
	switch {
	case !l.Proposed:
		return ui.Chip{Tone: ui.Info, Text: t(ctx, "已改选")}
	case l.Column.Sure == columns.Certain:
		return ui.Chip{Tone: ui.OK, Text: t(ctx, "肯定")}
	case l.Column.Sure == columns.Likely:
		return ui.Chip{Tone: ui.Warn, Text: t(ctx, "大概")}
	}
	return ui.Chip{Text: t(ctx, "未定")}
}

// chips count how sure the columns are.
func (v draftView) chips(ctx context.Context) []ui.Chip {
	n := map[string]int{}
	var order []ui.Chip
	for _, l := range v.Lines {
		c := l.sure(ctx)
		if n[c.Text]++; n[c.Text] == 1 {
			order = append(order, c)
		}
	}
	var out []ui.Chip
	for _, c := range order {
		out = append(out, ui.Chip{Tone: c.Tone, Text: t(ctx, "{0} 列{1}", n[c.Text], c.Text)})
	}
	return out
}

// isDate, isPrice and isMoney tell which ways of writing a column's field knows.
func (l columnLine) isDate() bool { return l.Field.Type == kinds.Date || l.Field.Type == kinds.Month }

func (l columnLine) isPrice() bool { return strings.HasPrefix(l.Target, "@price") }

func (l columnLine) isMoney() bool { return l.Field.Type == kinds.Wan || l.isPrice() }

func dateOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Label: t(ctx, "年月日")}, {Value: columns.DayFirst, Label: t(ctx, "日/月/年")}, {Value: columns.MonthFirst, Label: t(ctx, "月/日/年")}}
}

func (l columnLine) moneyOptions(ctx context.Context) []ui.Option {
	if !l.isPrice() {
		return []ui.Option{{Label: t(ctx, "单位万元")}, {Value: "yuan", Label: t(ctx, "单位元")}}
	}
	out := []ui.Option{{Label: t(ctx, "人民币")}}
	for _, c := range columns.Currencies() {
		out = append(out, ui.Option{Value: c, Label: c})
	}
	return out
}

// wordOptions are what a text may mean that is none of the field's choices.
func (l columnLine) wordOptions(ctx context.Context) []ui.Option {
	out := constantOptions(ctx, l.Field)
	out[0].Label = t(ctx, "不清楚（这一行待更正）")
	return append(out, ui.Option{Value: meansNone, Label: t(ctx, "留空")})
}

// constantOptions are the choices of a field of which one holds for every row.
func constantOptions(ctx context.Context, f kinds.Field) []ui.Option {
	out := []ui.Option{{Label: t(ctx, "各行不同或不填")}}
	switch f.Type {
	case kinds.Flag:
		return append(out, ui.Option{Value: "yes", Label: t(ctx, "是")}, ui.Option{Value: "no", Label: t(ctx, "否")})
	case kinds.Class:
		for _, c := range kinds.Classes().Classes {
			top, _ := kinds.TopClass(c.Code)
			out = append(out, ui.Option{Value: (c.Code + "00")[:6], Label: i18n.Pick(ctx, c.ZH, c.EN), Group: i18n.Pick(ctx, top.ZH, top.EN)})
		}
		return out
	}
	for _, c := range f.Choices {
		out = append(out, ui.Option{Value: c.Value, Label: i18n.Pick(ctx, c.ZH, c.EN)})
	}
	return out
}

func chooses(f kinds.Field) bool {
	return f.Type == kinds.One || f.Type == kinds.Flag || f.Type == kinds.Class
}

// title is the name of a previewed record.
func (p Previewed) title(ctx context.Context) string {
	for _, name := range []string{"name_zh", "name_en"} {
		if s, ok := p.Item.Values[name].(string); ok && s != "" {
			return s
		}
	}
	return t(ctx, "（没有名称）")
}

// facts are what a previewed record would hold, in the order of its page.
func (v draftView) facts(ctx context.Context, p Previewed) []ui.Fact {
	english := i18n.From(ctx) == i18n.EN
	var out []ui.Fact
	for _, f := range v.Kind.Fields {
		if x, ok := p.Item.Values[f.Name]; ok && f.Name != "name_zh" && (f.Name != "name_en" || p.Item.Values["name_zh"] != nil) {
			text := f.Show(x, english)
			if runes := []rune(text); len(runes) > 80 {
				text = string(runes[:79]) + "…"
			}
			out = append(out, ui.Fact{Label: fieldLabel(ctx, f), Value: text})
		}
	}
	for _, l := range p.Item.Prices {
		unit := l.Unit
		for _, c := range kinds.Units() {
			if c.Value == l.Unit {
				unit = i18n.Pick(ctx, c.ZH, c.EN)
			}
		}
		audience := l.Audience
		for _, c := range kinds.Audiences() {
			if c.Value == l.Audience {
				audience = i18n.Pick(ctx, c.ZH, c.EN)
			}
		}
		out = append(out, ui.Fact{Label: t(ctx, "价格（{0}）", audience), Value: l.Currency + " " + l.Amount.Yuan() + " / " + unit})
	}
	return out
}

// columnsOf lists what the columns of a mapping mean, in the order of a record's page, left out ones last.
func (v mappingView) columnsOf(ctx context.Context) []ui.Fact {
	by := map[string][]string{}
	for h, target := range v.Plan.Columns {
		if leftOut(target) {
			target = kinds.TargetNone
		}
		by[target] = append(by[target], h)
	}
	var out []ui.Fact
	for _, f := range append(columns.Fields(v.Kind), kinds.Field{Name: kinds.TargetNone}) {
		slices.Sort(by[f.Name])
		for _, h := range by[f.Name] {
			text := t(ctx, "留空不导入")
			if f.Name != kinds.TargetNone {
				text = strings.Join(append([]string{fieldLabel(ctx, f)}, readingWords(ctx, v.Plan.Readings[h])...), " · ")
			}
			out = append(out, ui.Fact{Label: h, Value: text})
		}
	}
	return out
}

// readingWords say how the cells of a column are written.
func readingWords(ctx context.Context, r columns.Reading) []string {
	var out []string
	if r.Yuan {
		out = append(out, t(ctx, "单位元"))
	}
	if r.Currency != "" {
		out = append(out, r.Currency)
	}
	if r.Comma {
		out = append(out, t(ctx, "小数点是逗号"))
	}
	for _, o := range dateOptions(ctx) {
		if o.Value == r.Dates && o.Value != "" {
			out = append(out, o.Label)
		}
	}
	return out
}

func (v mappingView) constants(ctx context.Context) []ui.Fact {
	fields := fieldsOf(v.Kind)
	var out []ui.Fact
	for target, text := range v.Plan.Constants {
		f := fields[target]
		if x, problem := f.Parse(text); problem == nil {
			text = f.Show(x, i18n.From(ctx) == i18n.EN)
		}
		out = append(out, ui.Fact{Label: fieldLabel(ctx, f), Value: text})
	}
	slices.SortFunc(out, func(a, b ui.Fact) int { return strings.Compare(a.Label, b.Label) })
	return out
}

func (v mappingsView) kind(ctx context.Context, m Mapping) string {
	k, _ := v.s.kinds.Find(m.Plan.Kind)
	return kindName(ctx, k)
}

// problems says how many of the rows looked at have something wrong.
func (v draftView) problems(ctx context.Context) string {
	switch {
	case v.Bad == 0 && v.More:
		return t(ctx, "前 {0} 行都没有问题", len(v.Rows))
	case v.Bad == 0:
		return t(ctx, "{0} 行都没有问题", len(v.Rows))
	case v.More:
		return t(ctx, "前 {0} 行中有 {1} 行需要更正", len(v.Rows), v.Bad)
	}
	return t(ctx, "{0} 行中有 {1} 行需要更正", len(v.Rows), v.Bad)
}

// remarks are what is wrong with a previewed row.
func (p Previewed) remarks(ctx context.Context) []ui.Remark {
	out := make([]ui.Remark, len(p.Errors))
	for i, e := range p.Errors {
		text := t(ctx, e.Text, e.Args...)
		if e.Column != "" {
			text = e.Column + i18n.Pick(ctx, "：", ": ") + text //i18n:data the mark after a heading
		}
		out[i] = ui.Remark{Tone: ui.Bad, Text: text}
	}
	return out
}
