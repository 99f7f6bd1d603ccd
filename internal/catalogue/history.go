package catalogue

import (
	"context"
	"strconv"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

// shownRevisions is how many revisions a page of the history shows.
const shownRevisions = 50

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// Told is one revision as people read it.
type Told struct {
	Revision
	Who     string // name of the person; empty: the system
	Changes []ToldChange
	Undo    bool // it can be tried to take it back
}

// ToldChange is one change as people read it.
type ToldChange struct {
	Field    string
	Label    string
	From, To string // as people read them; empty: nothing
}

// History reads what happened to a resource, newest first, before one revision (0: from the newest). next is where the
// next page starts; 0 at the end.
func (s *Service) History(ctx context.Context, sub identity.Subject, resource string, before int64) (out []Told, next int64, err error) {
	r, k, err := s.load(ctx, s.DB, resource)
	if err != nil {
		return nil, 0, err
	}
	if err := s.Policy.Can(sub, "resource.manage", object(r)); err != nil {
		return nil, 0, err
	}
	return s.revisions(ctx, r, k, before, shownRevisions, s.Policy.Can(sub, "resource.edit", object(r)) == nil)
}

func (s *Service) revisions(ctx context.Context, r Resource, k kinds.Kind, before int64, limit int, edits bool) (out []Told, next int64, err error) {
	list, err := listRevisions(ctx, s.DB, r.ID, before, limit+1)
	if err != nil {
		return nil, 0, err
	}
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].Revision
	}
	people := make([]string, 0, len(list))
	for _, v := range list {
		if v.Person != "" {
			people = append(people, v.Person)
		}
	}
	names, err := s.Orgs.Names(ctx, s.DB, people)
	if err != nil {
		return nil, 0, err
	}
	for _, v := range list {
		changes, err := v.List()
		if err != nil {
			return nil, 0, err
		}
		x := Told{Revision: v, Who: names[v.Person]}
		x.Undo = edits && v.Revision > 1 && len(changes) > 0 && !v.elsewhere() && unreturnable(changes) == ""
		if v.Revision > 1 {
			for _, c := range changes {
				x.Changes = append(x.Changes, ToldChange{Field: c.Field, Label: s.partName(ctx, k, c.Field), From: s.tell(ctx, k, c.Field, c.From), To: s.tell(ctx, k, c.Field, c.To)})
			}
		}
		out = append(out, x)
	}
	return out, next, nil
}

// title says what a revision did.
func (v Revision) title(ctx context.Context) string {
	if n, ok := strings.CutPrefix(v.Cause, "undo:"); ok && v.Verb == "undo" {
		if _, err := strconv.Atoi(n); err == nil {
			return t(ctx, "撤销第 {0} 版的修改", n)
		}
	}
	switch v.Verb {
	case "create":
		return t(ctx, "登记")
	case "import":
		return t(ctx, "导入")
	case "edit":
		return t(ctx, "修改")
	case "hours":
		return t(ctx, "修改开放时间")
	case "files":
		return t(ctx, "更新照片和文件")
	case "bulk":
		return t(ctx, "批量修改")
	case "undo":
		return t(ctx, "撤销批量修改")
	case VerbUndoImport:
		return t(ctx, "撤销导入")
	case "merge":
		return t(ctx, "与重复的记录合并")
	case "unmerge":
		return t(ctx, "合并已撤销")
	case "hand-over":
		return t(ctx, "移交给另一单位")
	}
	return verbLabel(ctx, v.Verb)
}

// partName is the name of a part of a record.
func (s *Service) partName(ctx context.Context, k kinds.Kind, part string) string {
	if f, ok := k.Field(part); ok {
		return i18n.Pick(ctx, f.ZH, f.EN)
	}
	switch part {
	case "status":
		return t(ctx, "状态")
	case "prices":
		return t(ctx, "价格")
	case "hours":
		return t(ctx, "开放时间")
	case "voucher":
		return t(ctx, "创新券")
	case "free":
		return t(ctx, "免费开放")
	case "booking":
		return t(ctx, "按时段预约")
	case "access":
		return t(ctx, "使用方式")
	case "note":
		return t(ctx, "原因")
	case "region":
		return t(ctx, "地区")
	case "country":
		return t(ctx, "国家或地区")
	case "languages":
		return t(ctx, "服务语言")
	case "identifiers":
		return t(ctx, "永久标识")
	case "checked_on":
		return t(ctx, "核对日期")
	case "licence":
		return t(ctx, "许可")
	case "retrieved_on":
		return t(ctx, "取得日期")
	case "files":
		return t(ctx, "照片和文件")
	}
	return part
}

// tell writes a value of the history for people: dates and money as they read them, choices by their names.
func (s *Service) tell(ctx context.Context, k kinds.Kind, part string, v any) string {
	if v == nil || v == "" {
		return ""
	}
	english := i18n.From(ctx) == i18n.EN
	if f, ok := k.Field(part); ok {
		text := f.Tell(v, english)
		switch f.Type {
		case kinds.Date:
			return dayText(ctx, text)
		case kinds.Class:
			zh, en := classNames(text)
			return i18n.Pick(ctx, zh, en) + " (" + text + ")"
		}
		return text
	}
	return s.tellPart(ctx, part, v)
}

func (s *Service) tellPart(ctx context.Context, part string, v any) string {
	text, _ := v.(string)
	switch part {
	case "status":
		return StatusChip(ctx, text).Text
	case "prices":
		var lines []PriceLine
		if again(v, &lines) != nil {
			return text
		}
		return pricesText(ctx, lines)
	case "hours":
		var hours []Opening
		if again(v, &hours) != nil || len(hours) == 0 {
			return t(ctx, "按单位的默认开放时间")
		}
		return hoursText(ctx, hours)
	case "identifiers":
		var ids []Identifier
		if again(v, &ids) != nil {
			return text
		}
		out := make([]string, len(ids))
		for i, x := range ids {
			out[i] = schemeName(ctx, x.Scheme) + " " + x.Value
		}
		return strings.Join(out, "; ")
	case "access":
		return choiceWords(ctx, kinds.AccessModes(), words(v))
	case "languages":
		return choiceWords(ctx, kinds.Languages(), words(v))
	case "country":
		return countryName(ctx, text)
	case "region":
		return s.Orgs.RegionName(ctx, text)
	case "checked_on", "retrieved_on":
		return dayText(ctx, text)
	}
	if b, ok := v.(bool); ok {
		return kinds.Field{Type: kinds.Flag}.Show(b, i18n.From(ctx) == i18n.EN)
	}
	return text
}

// dayText writes a civil day in full: 2026年11月21日, 21 November 2026.
func dayText(ctx context.Context, day string) string {
	at, err := clock.Midnight(day)
	if err != nil {
		return day
	}
	if i18n.From(ctx) == i18n.EN {
		return clock.Local(at).Format("2 January 2006")
	}
	return clock.Local(at).Format("2006年1月2日") //i18n:data the Chinese way to write a date
}

func choiceWords(ctx context.Context, choices []kinds.Choice, values []string) string {
	var out []string
	for _, v := range values {
		label := v
		for _, c := range choices {
			if c.Value == v {
				label = i18n.Pick(ctx, c.ZH, c.EN)
			}
		}
		out = append(out, label)
	}
	return joinWords(ctx, out)
}

// pricesText writes a list of prices in words.
func pricesText(ctx context.Context, lines []PriceLine) string {
	out := make([]string, len(lines))
	for i, p := range lines {
		out[i] = joined(" · ", audienceName(ctx, p.Audience)+" "+amount(p)+" / "+unitName(ctx, p.Unit), p.remark(ctx))
		if p.Minimum > 1 {
			out[i] += " · " + t(ctx, "至少 {0}", p.Minimum)
		}
	}
	return strings.Join(out, "; ")
}

// hoursText writes opening hours in one line, without the days that are closed.
func hoursText(ctx context.Context, hours []Opening) string {
	var out []string
	for i, f := range week(ctx, hours) {
		for _, h := range hours {
			if h.Weekday == int64(i+1) {
				out = append(out, f.Label+" "+f.Value)
				break
			}
		}
	}
	return strings.Join(out, "; ")
}

func countryName(ctx context.Context, code string) string {
	if c, ok := kinds.Country(code); ok {
		return i18n.Pick(ctx, c.ZH, c.EN)
	}
	return code
}

// schemeName is what an identifier's scheme is called.
func schemeName(ctx context.Context, scheme string) string {
	switch scheme {
	case "own":
		return t(ctx, "自有编号")
	case "other":
		return t(ctx, "其他标识")
	case "handle":
		return "Handle"
	}
	return strings.ToUpper(scheme)
}

// freshChip is how true a record is known to be, as a mark.
func freshChip(ctx context.Context, r Resource, day string) ui.Chip {
	switch r.Freshness {
	case Fresh:
		return ui.Chip{Tone: ui.OK, Text: checkedText(ctx, r, day)}
	case Due:
		return ui.Chip{Tone: ui.Warn, Text: checkedText(ctx, r, day)}
	case Stale:
		return ui.Chip{Tone: ui.Bad, Text: checkedText(ctx, r, day)}
	}
	return ui.Chip{Tone: ui.Plain, Text: t(ctx, "所属单位尚未核对")}
}

// checkedText says when the owner last confirmed a record: today, or so many days ago.
func checkedText(ctx context.Context, r Resource, day string) string {
	from, err := clock.Midnight(r.CheckedOn)
	to, err2 := clock.Midnight(day)
	if err != nil || err2 != nil {
		return t(ctx, "所属单位尚未核对")
	}
	switch n := int(to.Sub(from).Hours()+12) / 24; {
	case n <= 0:
		return t(ctx, "今天与所属单位核对过")
	case n < 100:
		return t(ctx, "{0} 天前与所属单位核对过", n)
	default:
		return t(ctx, "{0} 个月前与所属单位核对过", n/30)
	}
}
