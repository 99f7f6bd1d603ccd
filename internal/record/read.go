package record

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/platform/textindex/fold"
)

// said is an entry as it was read, and whether it says on which side the user is.
type said struct {
	Entry
	side string // insideYes, insideNo, or "" where nothing was said
}

// What an entry may say of its user.
const (
	insideYes = "inside"
	insideNo  = "outside"
)

// problems gathers what is wrong with the fields of an entry.
type problems []fault.Field

func (p *problems) add(field, code, text string, args ...any) {
	*p = append(*p, fault.Field{Name: field, Code: code, Text: text, Args: args})
}

// reader turns texts into entries: those of a form, of a row, of a call.
type reader struct {
	format      Format
	instruments *instruments
	now         time.Time
}

// Read reads one entry; get gives the text of a field. Every problem names its field.
func (r reader) Read(get func(field string) string) (said, []fault.Field) {
	var bad problems
	text := func(field string) string { return strings.TrimSpace(get(field)) }
	e := said{Entry: Entry{
		OwnNumber: text(FieldOwnNumber), User: text(FieldUser), USCC: identity.NormalUSCC(text(FieldUSCC)), Applicant: text(FieldApplicant), Phone: text(FieldPhone), Email: text(FieldEmail),
		Content: text(FieldContent), Project: r.nothing(text(FieldProject)), Research: r.nothing(text(FieldResearch)), Contract: r.nothing(text(FieldContract)), Invoice: r.nothing(text(FieldInvoice)),
		Report: r.nothing(text(FieldReport)), Note: text(FieldNote),
	}}
	var problem *fault.Field
	if e.Resource, problem = r.instruments.find(text(FieldInstrument), text(FieldModel)); problem != nil {
		bad = append(bad, *problem)
	}
	r.readTimes(&e.Entry, text, &bad)
	r.readAmounts(&e.Entry, text, &bad)
	r.readCodes(&e, text, &bad)
	r.check(e.Entry, &bad)
	return e, bad
}

// nothing is "" for the words by which lists say that there is none.
func (r reader) nothing(text string) string {
	if slices.Contains([]string{r.format.None, "-", "—", "/", "N/A", "n/a"}, text) {
		return ""
	}
	return text
}

func (r reader) readTimes(e *Entry, text func(string) string, bad *problems) {
	from, to := cutSpan(text(FieldStart))
	if end := text(FieldEnd); end != "" {
		to = end
	}
	day := text(FieldDay)
	if from == "" {
		from, day = day, ""
	}
	if from == "" {
		bad.add(FieldStart, "required", "请写明服务时间，例如 2026-11-20 或 2026-11-20 09:00。")
		return
	}
	start, timed, ok := parseTime(from, day)
	if !ok {
		bad.add(FieldStart, "time", "“{0}”不是日期或时间，请写成 2026-11-20 或 2026-11-20 09:00。", from)
		return
	}
	e.Start, e.Timed = db.At(start), timed
	if start.After(r.now) {
		bad.add(FieldStart, "future", "服务时间还没有到，只登记已经完成的服务。")
	}
	if to == "" {
		return
	}
	end, endTimed, ok := parseTime(to, clock.Day(start))
	if !ok {
		bad.add(FieldEnd, "time", "“{0}”不是日期或时间，请写成 2026-11-20 或 2026-11-20 09:00。", to)
		return
	}
	alone := !strings.ContainsAny(to, "-/年T") && endTimed //i18n:data a time alone
	switch {
	case timed && !endTimed: // the last day of a stretch whose first hour is known
		end = end.AddDate(0, 0, 1)
	case timed && alone && end.Before(start): // the next morning
		end = end.AddDate(0, 0, 1)
	}
	if end.Before(start) {
		bad.add(FieldEnd, "order", "结束时间早于开始时间。")
		return
	}
	e.End = db.NullAt(end)
}

func (r reader) readAmounts(e *Entry, text func(string) string, bad *problems) {
	if h := text(FieldHours); h != "" {
		n, ok := parseHundredths(h)
		if !ok {
			bad.add(FieldHours, "number", "“{0}”不是小时数，请写成 2.5，最多两位小数。", h)
		}
		e.Hours = n
	} else if m := text(FieldMinutes); m != "" {
		n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(m, "分钟")), 10, 32) //i18n:data a unit
		if err != nil || n < 0 {
			bad.add(FieldMinutes, "number", "“{0}”不是分钟数，请写整数。", m)
		}
		e.Hours = hundredths(max(n, 0))
	}
	if n := text(FieldSamples); n != "" {
		v, ok := parseCount(n)
		if !ok {
			bad.add(FieldSamples, "number", "“{0}”不是个数，请写整数。", n)
		}
		e.Samples = v
	}
	if q := text(FieldAmount); q != "" && e.Hours == 0 && e.Samples == 0 {
		switch hours, samples, ok := parseQuantity(q); {
		case !ok:
			bad.add(FieldAmount, "number", "看不懂服务量“{0}”，请写成 2.5 小时或 12 个。", q)
		default:
			e.Hours, e.Samples = hours, samples
		}
	}
	if f := text(FieldFee); f != "" {
		n, err := money.Parse(f)
		if err != nil || n < 0 {
			bad.add(FieldFee, "money", "“{0}”不是金额，请以元为单位，写成 1200 或 1200.50。", f)
			n = 0
		}
		e.Fee = n
	}
}

func (r reader) readCodes(e *said, text func(string) string, bad *problems) {
	ways, unknown := readCodes(r.format.Ways, text(FieldWays))
	if unknown != "" {
		bad.add(FieldWays, "unknown", "不认识的服务方式“{0}”，请写{1}。", unknown, strings.Join(labels(r.format.Ways), "、"))
	}
	e.Ways = strings.Join(ways, ",")
	incomes, unknown := readCodes(r.format.Incomes, r.nothing(text(FieldIncomes)))
	if unknown != "" {
		bad.add(FieldIncomes, "unknown", "不认识的经费来源“{0}”，请写名称或字母 A–P。", unknown)
	}
	e.Incomes = strings.Join(incomes, ",")
	e.Areas = strings.Join(parts(r.nothing(text(FieldAreas))), ",")
	if o := text(FieldOpinion); o != "" {
		c, ok := codeOf(r.format.Opinions, o)
		if !ok {
			bad.add(FieldOpinion, "unknown", "不认识的评价“{0}”，请写{1}。", o, strings.Join(labels(r.format.Opinions), "、"))
		}
		e.Opinion = c.Value
	}
	var ok bool
	if e.side, ok = parseSide(text(FieldInside)); !ok {
		bad.add(FieldInside, "unknown", "看不懂“{0}”，请写单位内或单位外。", text(FieldInside))
	}
}

func labels(list []Code) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.ZH
	}
	return out
}

// most bounds what no field of the format bounds.
const (
	maxText  = 500
	maxNames = 100
	maxHours = 100 * 24 * 366 // of one record: a year
	maxCount = 1_000_000
	maxFee   = money.Fen(100_000_000_00)
)

// check finds what is wrong with an entry as a whole, however it came.
func (r reader) check(e Entry, bad *problems) {
	if e.User == "" {
		bad.add(FieldUser, "required", "请写明用户单位；个人用户请写姓名。")
	}
	if e.USCC != "" {
		if err := identity.CheckUSCC(e.USCC); len(e.USCC) != 18 || err != nil && !identity.USCCWarning(err) {
			bad.add(FieldUSCC, "uscc", "不是统一社会信用代码：应为 18 位数字和大写字母。")
		}
	}
	for _, x := range []struct {
		field, key, text string
		most             int
	}{
		{FieldOwnNumber, "", e.OwnNumber, maxNames}, {FieldUser, "applicatUnit", e.User, 0}, {FieldApplicant, "applicant", e.Applicant, 0}, {FieldPhone, "applicatPhone", e.Phone, 0},
		{FieldEmail, "applicatEmail", e.Email, 0}, {FieldContent, "serviceContent", e.Content, 0}, {FieldProject, "subjectName", e.Project, 0}, {FieldResearch, "subjectContent", e.Research, 0},
		{FieldAreas, "subjectArea", e.Areas, 0}, {FieldContract, "", e.Contract, maxNames}, {FieldInvoice, "", e.Invoice, maxNames}, {FieldReport, "", e.Report, maxNames}, {FieldNote, "", e.Note, maxText},
	} {
		most := x.most
		if most == 0 {
			most = r.format.limit(x.key)
		}
		if n := utf8.RuneCountInString(x.text); n > most {
			bad.add(x.field, "too-long", "有 {0} 个字，最多 {1} 个字。", n, most)
		}
	}
	for field, x := range map[string][2]int{FieldIncomes: {len(list(e.Incomes)), r.format.MostIncomes}, FieldAreas: {len(list(e.Areas)), r.format.MostAreas}, FieldWays: {len(list(e.Ways)), r.format.MostWays}} {
		if x[0] > x[1] {
			bad.add(field, "too-many", "最多选 {0} 项。", x[1])
		}
	}
	if e.Hours == 0 && e.Samples == 0 && !slices.ContainsFunc(*bad, func(f fault.Field) bool { return f.Code == "number" }) {
		bad.add(FieldHours, "required", "服务机时和样品数至少填一项。")
	}
	for field, beyond := range map[string]bool{FieldHours: e.Hours > maxHours || e.Hours < 0, FieldSamples: e.Samples > maxCount || e.Samples < 0, FieldFee: e.Fee > maxFee || e.Fee < 0} {
		if beyond {
			bad.add(field, "range", "超出了合理范围，请核对单位。")
		}
	}
	if l := e.length(); l > 0 && e.Hours > int64(math.Ceil(l.Hours()/24)+1)*2400 {
		bad.add(FieldHours, "range", "机时比服务时间还长，请核对。")
	}
}

var spanMarks = regexp.MustCompile(`\s*(?:至|到|~|～|—|–|\s-\s|\sto\s)\s*`) //i18n:data between two times

// cutSpan cuts "2026-11-20 09:00 至 11:30".
func cutSpan(text string) (from, to string) {
	if at := spanMarks.FindStringIndex(text); at != nil && at[0] > 0 {
		return strings.TrimSpace(text[:at[0]]), strings.TrimSpace(text[at[1]:])
	}
	return text, ""
}

var (
	dayShape  = regexp.MustCompile(`^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+(.+))?$`)                              //i18n:data shapes of dates
	hourShape = regexp.MustCompile(`^(\d{1,2})\s*[:：时点]\s*(\d{1,2})?(?:\s*[:：分]\s*(\d{1,2})?(?:\.\d+)?)?\s*[分秒]?(?:Z|[+-]\d{2}:?\d{2})?$`) //i18n:data shapes of times
)

// parseTime reads a day or a time as lists write them: 2026-11-20, 2026/11/20 9:00, 2026年11月20日 9时30分, 20261120, a time
// with its zone, the number that a spreadsheet keeps, and a time alone on the day given beside it. timed tells whether
// the time of day is known.
func parseTime(text, day string) (at time.Time, timed, ok bool) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, true, plausible(t)
	}
	if len(text) == 8 && strings.Trim(text, "0123456789") == "" {
		text = text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil { // days since the last day of 1899
		return fromSerial(n, day)
	}
	rest := text
	if g := dayShape.FindStringSubmatch(text); g != nil {
		day, rest = g[1]+"-"+pad(g[2])+"-"+pad(g[3]), g[4]
	} else if day != "" {
		if d := dayShape.FindStringSubmatch(day); d != nil {
			day = d[1] + "-" + pad(d[2]) + "-" + pad(d[3])
		} else if t, _, fits := parseTime(day, ""); fits {
			day = clock.Day(t)
		}
	}
	midnight, err := clock.Midnight(day)
	if err != nil || !plausible(midnight) {
		return at, false, false
	}
	if rest == "" {
		return midnight, false, true
	}
	g := hourShape.FindStringSubmatch(strings.TrimSpace(rest))
	if g == nil {
		return at, false, false
	}
	h, m := number(g[1]), number(g[2])
	if h > 24 || m > 59 || h == 24 && m > 0 {
		return at, false, false
	}
	return midnight.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute), h+m > 0 || !zeroTime(rest), true
}

// zeroTime tells whether a time is the midnight that programs add to a day.
func zeroTime(rest string) bool { return strings.Trim(rest, "0:. ") == "" }

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// fromSerial reads the number a spreadsheet keeps; below one it is a time of the day beside it.
func fromSerial(n float64, day string) (at time.Time, timed, ok bool) {
	if math.IsNaN(n) || n < 0 || n > 100_000 {
		return at, false, false
	}
	whole, part := math.Modf(n)
	base, err := clock.Midnight(day)
	if whole > 0 || err != nil {
		if whole < 36526 { // before 2000: not a date that a record can have
			return at, false, false
		}
		base = time.Date(1899, 12, 30, 0, 0, 0, 0, clock.Zone()).AddDate(0, 0, int(whole))
	}
	minutes := math.Round(part * 24 * 60)
	at = base.Add(time.Duration(minutes) * time.Minute)
	return at, minutes > 0, plausible(at)
}

// plausible tells whether a service can have been given then.
func plausible(t time.Time) bool { y := clock.Local(t).Year(); return y >= 2000 && y < 2100 }

// parseHundredths reads hours with at most two decimals; 1:30 and 1小时30分 too.
func parseHundredths(text string) (int64, bool) {
	text = strings.ToLower(strings.ReplaceAll(fold.Text(text), " ", ""))
	if g := clockHours.FindStringSubmatch(text); g != nil {
		return int64(number(g[1]))*100 + hundredths(int64(number(g[2]))), number(g[2]) < 60
	}
	for _, unit := range []string{"小时", "hours", "hrs", "h"} { //i18n:data units
		text = strings.TrimSuffix(text, unit)
	}
	n, err := money.Parse(text)                                 // at most two decimals, as money
	if err != nil || n < 0 || strings.ContainsAny(text, "¥元") { //i18n:data signs of money
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(f) || f < 0 || f > maxHours { // what a spreadsheet computed: 1.3333333
			return 0, false
		}
		return int64(math.Round(f * 100)), true
	}
	return int64(n), true
}

var clockHours = regexp.MustCompile(`^(\d{1,4})(?::|小时|h)(\d{1,2})(?:分|分钟|m|min)?$`) //i18n:data hours and minutes

// parseCount reads how many: 12, 12个, 12.0.
func parseCount(text string) (int64, bool) {
	text = strings.TrimSpace(strings.TrimRight(fold.Text(text), "个件份样次批只组 ")) //i18n:data measure words
	f, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	if err != nil || f != math.Trunc(f) || f < 0 || f > maxCount {
		return 0, false
	}
	return int64(f), true
}

// parseQuantity reads the national format's amount of service: hours, unless it counts something.
func parseQuantity(text string) (hours, samples int64, ok bool) {
	if strings.ContainsAny(text, "个件份样次批只组") { //i18n:data measure words
		samples, ok = parseCount(text)
		return 0, samples, ok
	}
	hours, ok = parseHundredths(text)
	return hours, 0, ok
}

// parseSide reads on which side a user is.
func parseSide(text string) (string, bool) {
	key := strings.ReplaceAll(fold.Text(text), " ", "")
	switch {
	case key == "":
		return "", true
	case slices.Contains([]string{insideNo, "no", "n", "0", "2", "false", "否", "external"}, key), strings.Contains(key, "外"), strings.Contains(key, "社会"), strings.Contains(key, "企业"): //i18n:data words for outside
		return insideNo, true
	case slices.Contains([]string{insideYes, "yes", "y", "1", "true", "是", "internal"}, key), strings.Contains(key, "内"), strings.Contains(key, "本单位"), strings.Contains(key, "本校"), strings.Contains(key, "本院"), strings.Contains(key, "本所"): //i18n:data words for inside
		return insideYes, true
	}
	return "", false
}
