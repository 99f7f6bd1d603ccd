package editor

import (
	"strconv"
	"strings"

	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
)

// How a field is filled in.
const (
	asFen     = "fen"
	asPercent = "percent"
	asNumber  = "number"
	asText    = "text"
	asWords   = "words" // several, with commas between
	asDay     = "day"
	asTick    = "tick"
	asClause  = "clause" // only the clause of rows that follow
	asChoice  = "choice"
)

// field is one value of a programme in the form, with how it is read from a draft and written to it. Its name is the
// one under which Validate tells what is wrong.
type field struct {
	name, label, hint, as string
	choices               []choice
	bare                  bool // has no clause: a name, a day
	read                  func(d *scheme.Draft) (string, scheme.Clause)
	write                 func(d *scheme.Draft, v value)
}

// choice is an option of a field; its label is a sentence to translate.
type choice struct{ value, label string }

// value is what was typed, read by the kind of the field; empty tells that nothing was.
type value struct {
	text   string
	n      int64
	words  []string
	clause scheme.Clause
	empty  bool
}

// topic is a group of fields under one heading.
type topic struct {
	title, note string
	fields      []field
	rows        string // name of the rows that follow: sources, tiers, funders, excluded …
}

// topics are all that the form asks for, in the order in which rules are written.
func topics() []topic {
	return []topic{
		{"计划", "", plainFields(), ""},
		{"依据文件", "每条规则都要写明出自哪份文件、第几条；先在这里列出文件。", nil, rowsSources},
		{"谁可以申请", "", whoFields(), ""},
		{"买什么、向谁买", "", whatFields(), ""},
		{"抵扣多少", "价格分档抵扣：每一档写到多少元为止、抵扣百分之几；最后一档可以不写上限。", []field{ratioClause()}, rowsTiers},
		{"上限", "不写就是不限。", capFields(), ""},
		{"钱从哪里来", "不写出资方时由本计划的主管部门全额出资。写权重，或写占价格的比例，二选一。", moneyFields(), rowsFunders},
		{"发放与使用", "", lifeFields(), ""},
		{"公示与监督", "", watchFields(), ""},
		{"不支持的用途", "", nil, rowsExcluded},
		{"申请时需要承诺", "", nil, rowsStatements},
		{"兑付时需要的材料", "", nil, rowsDocuments},
	}
}

func plain(name, label, hint, as string, at func(d *scheme.Draft) *string) field {
	return field{
		name: name, label: label, hint: hint, as: as, bare: true,
		read:  func(d *scheme.Draft) (string, scheme.Clause) { return *at(d), scheme.Clause{} },
		write: func(d *scheme.Draft, v value) { *at(d) = v.text },
	}
}

func plainFields() []field {
	return []field{
		plain("name", "计划名称", "", asText, func(d *scheme.Draft) *string { return &d.Name.ZH }),
		plain("name_en", "英文名称", "", asText, func(d *scheme.Draft) *string { return &d.Name.EN }),
		plain("summary", "简介", "", asText, func(d *scheme.Draft) *string { return &d.Summary.ZH }),
		plain("summary_en", "英文简介", "", asText, func(d *scheme.Draft) *string { return &d.Summary.EN }),
		plain("opens_on", "开始受理", "", asDay, func(d *scheme.Draft) *string { return &d.OpensOn }),
		plain("closes_on", "截止受理", "", asDay, func(d *scheme.Draft) *string { return &d.ClosesOn }),
		plain("from", "规则执行日期", "", asDay, func(d *scheme.Draft) *string { return &d.Terms.From }),
	}
}

func words(name, label, hint string, at func(t *scheme.Terms) *scheme.Sourced[[]string]) field {
	return field{
		name: name, label: label, hint: hint, as: asWords,
		read: func(d *scheme.Draft) (string, scheme.Clause) {
			x := at(&d.Terms)
			return strings.Join(x.Value, ", "), x.Clause
		},
		write: func(d *scheme.Draft, v value) {
			*at(&d.Terms) = scheme.Sourced[[]string]{Value: v.words, Clause: v.clause}
		},
	}
}

func tick(name, label, hint string, at func(t *scheme.Terms) **scheme.Clause) field {
	return field{
		name: name, label: label, hint: hint, as: asTick,
		read: func(d *scheme.Draft) (string, scheme.Clause) {
			if c := *at(&d.Terms); c != nil {
				return "1", *c
			}
			return "", scheme.Clause{}
		},
		write: func(d *scheme.Draft, v value) {
			if *at(&d.Terms) = nil; !v.empty {
				*at(&d.Terms) = &v.clause
			}
		},
	}
}

func whoFields() []field {
	rosters := func(name, label string, at func(r *scheme.RosterTerms) *[]string) field {
		return field{
			name: name, label: label, hint: "名单的代码，用逗号分开。", as: asWords,
			read: func(d *scheme.Draft) (string, scheme.Clause) {
				if d.Terms.Rosters == nil {
					return "", scheme.Clause{}
				}
				return strings.Join(*at(d.Terms.Rosters), ", "), d.Terms.Rosters.Clause
			},
			write: func(d *scheme.Draft, v value) {
				r := d.Terms.Rosters
				if r == nil {
					r = &scheme.RosterTerms{}
				}
				if *at(r) = v.words; !v.empty {
					r.Clause = v.clause
				}
				if d.Terms.Rosters = r; len(r.Any)+len(r.None) == 0 {
					d.Terms.Rosters = nil
				}
			},
		}
	}
	return []field{
		words("firm_regions", "企业所在地区", "六位行政区划代码，用逗号分开，含下级地区。", func(t *scheme.Terms) *scheme.Sourced[[]string] { return &t.Firms }),
		words("firm_capacities", "申请人身份", "enterprise 是企业，team 是创新创业团队。", func(t *scheme.Terms) *scheme.Sourced[[]string] { return &t.Capacities }),
		rosters("rosters", "须在名单上", func(r *scheme.RosterTerms) *[]string { return &r.Any }),
		rosters("rosters_none", "不得在名单上", func(r *scheme.RosterTerms) *[]string { return &r.None }),
		tick("groups_only", "只支持列出的企业类别", "", func(t *scheme.Terms) **scheme.Clause { return &t.GroupsOnly }),
	}
}

func whatFields() []field {
	return []field{
		words("kinds", "资源种类", "如 instrument（仪器）、facility（设施）、service（服务），用逗号分开。", func(t *scheme.Terms) *scheme.Sourced[[]string] { return &t.Kinds }),
		words("provider_regions", "服务机构所在地区", "六位行政区划代码，用逗号分开，含下级地区。", func(t *scheme.Terms) *scheme.Sourced[[]string] { return &t.Providers }),
		tick("unrelated", "企业与服务机构不能有关联关系", "", func(t *scheme.Terms) **scheme.Clause { return &t.Unrelated }),
	}
}

func ratioClause() field {
	return field{
		name: "ratio", label: "分档抵扣的依据", as: asClause,
		read:  func(d *scheme.Draft) (string, scheme.Clause) { return "1", d.Terms.Ratio.Clause },
		write: func(d *scheme.Draft, v value) { d.Terms.Ratio.Clause = v.clause },
	}
}

func capFen(name, label, hint string, at func(t *scheme.Terms) **scheme.Sourced[money.Fen]) field {
	return field{
		name: name, label: label, hint: hint, as: asFen,
		read: func(d *scheme.Draft) (string, scheme.Clause) {
			if x := *at(&d.Terms); x != nil {
				return x.Value.Yuan(), x.Clause
			}
			return "", scheme.Clause{}
		},
		write: func(d *scheme.Draft, v value) {
			if *at(&d.Terms) = nil; !v.empty {
				*at(&d.Terms) = &scheme.Sourced[money.Fen]{Value: money.Fen(v.n), Clause: v.clause}
			}
		},
	}
}

// whole is a number that may be left out.
func whole[T int | int64](name, label, hint, as string, at func(t *scheme.Terms) **scheme.Sourced[T]) field {
	return field{
		name: name, label: label, hint: hint, as: as,
		read: func(d *scheme.Draft) (string, scheme.Clause) {
			x := *at(&d.Terms)
			if x == nil {
				return "", scheme.Clause{}
			}
			if as == asPercent {
				return percentText(int64(x.Value)), x.Clause
			}
			return strconv.FormatInt(int64(x.Value), 10), x.Clause
		},
		write: func(d *scheme.Draft, v value) {
			if *at(&d.Terms) = nil; !v.empty {
				*at(&d.Terms) = &scheme.Sourced[T]{Value: T(v.n), Clause: v.clause}
			}
		},
	}
}

func capFields() []field {
	return []field{
		capFen("caps.application", "每次申请最多", "", func(t *scheme.Terms) **scheme.Sourced[money.Fen] { return &t.Caps.Application }),
		capFen("caps.claim", "每单最多抵扣", "", func(t *scheme.Terms) **scheme.Sourced[money.Fen] { return &t.Caps.Claim }),
		capFen("caps.year", "每家企业每年最多", "", func(t *scheme.Terms) **scheme.Sourced[money.Fen] { return &t.Caps.Year }),
		capFen("caps.holding", "同时持有最多", "", func(t *scheme.Terms) **scheme.Sourced[money.Fen] { return &t.Caps.Holding }),
		capFen("caps.ever", "每家企业累计最多", "", func(t *scheme.Terms) **scheme.Sourced[money.Fen] { return &t.Caps.Ever }),
		whole("caps.applications", "每年申领次数最多", "", asNumber, func(t *scheme.Terms) **scheme.Sourced[int] { return &t.Caps.Applications }),
	}
}

// percentText writes basis points as they are typed: 3333 is "33.33".
func percentText(basisPoints int64) string {
	return strings.TrimSuffix(scheme.Pointed(basisPoints), "%")
}

// percent reads a percentage with at most two decimals into basis points.
func percent(f *form.Form, name string) int64 {
	text := strings.TrimSuffix(strings.TrimSuffix(f.Text(name), "%"), "％")
	if text == "" {
		return 0
	}
	n, err := money.Parse(text) // two decimals, as a percentage has
	if err != nil || n > 10000 {
		f.Add(name, "percent", "请填写 0 到 100 之间的百分数，最多两位小数。")
		return 0
	}
	return int64(n)
}

// typed reads what was typed into a field.
func (x field) typed(f *form.Form) value {
	v := value{text: f.Text(x.name), clause: clauseOf(f, x.name)}
	v.empty = v.text == ""
	switch x.as {
	case asFen:
		v.n = int64(f.Fen(x.name))
	case asPercent:
		v.n = percent(f, x.name)
	case asNumber:
		v.n = f.Int(x.name)
	case asWords:
		v.words = wordsOf(v.text)
	}
	return v
}

// wordsOf splits at commas of either width.
func wordsOf(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，、;；\n", r) }) {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// clauseOf is the clause beside a field.
func clauseOf(f *form.Form, name string) scheme.Clause {
	return scheme.Clause{Source: f.Text(name + ".source"), Article: f.Text(name + ".article"), ArticleEN: f.Text(name + ".article_en")}
}

func putClause(values map[string]string, name string, c scheme.Clause) {
	values[name+".source"], values[name+".article"], values[name+".article_en"] = c.Source, c.Article, c.ArticleEN
}
