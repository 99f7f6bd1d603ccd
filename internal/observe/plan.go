package observe

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/state"
)

// The sides of a plan. Guest is a named participant, who may watch only.
const (
	Buyer    = order.Buyer
	Provider = order.Provider
	Guest    = "guest"
)

// The states of a plan.
const (
	Offered   = "offered"
	Agreed    = "agreed"
	Declined  = "declined"
	Withdrawn = "withdrawn"
	Ended     = "ended"
)

// What is done with a plan.
const (
	VerbOffer    = "offer"
	VerbAgree    = "agree"
	VerbDecline  = "decline"
	VerbWithdraw = "withdraw"
	VerbEnd      = "end"
)

// Table is the life of a plan.
func Table() state.Table {
	return state.Table{
		{From: "", Verb: VerbOffer, To: Offered, Who: []string{Provider}},
		{From: Offered, Verb: VerbAgree, To: Agreed, Who: []string{Buyer}},
		{From: Offered, Verb: VerbDecline, To: Declined, Who: []string{Buyer}},
		{From: Offered, Verb: VerbWithdraw, To: Withdrawn, Who: []string{Provider}},
		{From: Agreed, Verb: VerbEnd, To: Ended, Who: []string{Buyer, Provider}},
	}
}

// Plan is what was agreed about watching an order's experiment.
type Plan struct {
	ID         string      `db:"id"`
	Order      string      `db:"order_id"`
	Number     string      `db:"number"`
	Buyer      string      `db:"buyer"`
	Provider   string      `db:"provider"`
	Region     string      `db:"region"`
	NameZH     string      `db:"name_zh"`
	NameEN     string      `db:"name_en"`
	Invented   bool        `db:"invented"`
	State      string      `db:"state"`
	Booked     bool        `db:"booked"` // one session, the booking's own time
	First      string      `db:"first_day"`
	Last       string      `db:"last_day"`
	At         string      `db:"at"` // HH:MM of the wall clock
	Minutes    int64       `db:"minutes"`
	Working    bool        `db:"working"` // on working days only
	Skip       string      `db:"skip"`    // days left out, separated by spaces
	Early      int64       `db:"early"`
	Late       int64       `db:"late"`
	Link       string      `db:"link"`
	Talk       bool        `db:"talk"`
	Note       string      `db:"note"`
	Reason     string      `db:"reason"`
	Person     string      `db:"person"`
	CreatedAt  db.Time     `db:"created_at"`
	AnsweredBy string      `db:"answered_by"`
	AnsweredAt db.NullTime `db:"answered_at"`
}

// span is a half-open stretch of time.
type span struct{ from, to time.Time }

// times are the sessions of a series, in their order: pure. working tells working days.
func (p Plan) times(working func(day string) bool) []span {
	at, err := time.Parse("15:04", p.At)
	if err != nil {
		return nil
	}
	left := strings.Fields(p.Skip)
	var out []span
	for day := p.First; day != "" && day <= p.Last; {
		midnight, err := clock.Midnight(day)
		if err != nil {
			return out
		}
		if !slices.Contains(left, day) && (!p.Working || working(day)) {
			from := midnight.Add(time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute)
			out = append(out, span{from, from.Add(minutes(p.Minutes))})
		}
		if day, err = clock.AddDays(day, 1); err != nil {
			return out
		}
	}
	return out
}

func minutes(n int64) time.Duration { return time.Duration(n) * time.Minute }

// Offer is what a provider fills in.
type Offer struct {
	Booked  bool
	First   string
	Last    string
	At      string
	Minutes int64
	Working bool
	Skip    string // days as people write them
	Early   int64
	Late    int64
	Link    string
	Talk    bool
	Note    string
}

// maxText bounds what people write here, in characters.
const maxText = 1000

// check finds what is wrong with an offer; a series gets its days tidied. Pure but for the calendar.
func (o *Offer) check(r Rule, today string, working func(string) bool) error {
	bad := fault.New(fault.Invalid, "observe-invalid", "安排有误，请按提示修改。")
	for _, f := range []struct {
		name string
		v    int64
	}{{"early", o.Early}, {"late", o.Late}} {
		if f.v < 0 || f.v > 60 {
			bad.Field(f.name, "range", "请填 {0} 到 {1} 之间的整数。", 0, 60)
		}
	}
	o.Link = strings.TrimSpace(o.Link)
	if text := linkFault(o.Link); text != "" {
		bad.Field("link", "link", text)
	}
	if n := utf8.RuneCountInString(o.Note); n > maxText {
		bad.Field("note", "long", "最多 {0} 个字，现在有 {1} 个。", maxText, n)
	}
	if !o.Booked {
		o.checkSeries(bad, r, today, working)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

func (o *Offer) checkSeries(bad *fault.Error, r Rule, today string, working func(string) bool) {
	first, ferr := clock.Midnight(o.First)
	last, lerr := clock.Midnight(o.Last)
	switch {
	case ferr != nil:
		bad.Field("first", "required", "请填写从哪一天开始。")
	case o.First < today:
		bad.Field("first", "past", "开始的一天已经过去，请从今天或以后开始。")
	}
	switch {
	case lerr != nil:
		bad.Field("last", "required", "请填写到哪一天为止。")
	case ferr == nil && last.Before(first):
		bad.Field("last", "order", "最后一天在第一天之前，请核对。")
	case ferr == nil && last.Sub(first) > time.Duration(r.Days)*24*time.Hour:
		bad.Field("last", "far", "一次最多安排 {0} 天，更久的请到时再续。", r.Days)
	}
	if _, err := time.Parse("15:04", o.At); err != nil {
		bad.Field("at", "required", "请填写每天几点开始，例如 10:00。")
	}
	if o.Minutes < 5 || o.Minutes > r.Longest {
		bad.Field("minutes", "range", "请填 {0} 到 {1} 之间的整数。", 5, r.Longest)
	}
	days, wrong := readDays(o.Skip)
	if wrong != "" {
		bad.Field("skip", "day", "“{0}”不是日期，请写成 2026-12-01，几天之间用空格或逗号隔开。", wrong)
	}
	if len(bad.Fields) > 0 {
		return
	}
	o.Skip = strings.Join(slices.DeleteFunc(days, func(d string) bool { return d < o.First || d > o.Last }), " ")
	switch n := len(Plan{First: o.First, Last: o.Last, At: o.At, Minutes: o.Minutes, Working: o.Working, Skip: o.Skip}.times(working)); {
	case n == 0:
		bad.Field("last", "none", "这样安排一场也没有：请放宽起止日期，或去掉例外和“仅工作日”。")
	case n > r.Sessions:
		bad.Field("last", "many", "这样安排有 {0} 场，一次最多 {1} 场，请分几次安排。", n, r.Sessions)
	}
}

// readDays reads days that people wrote one after the other, sorted and each once; wrong is the first that is none.
func readDays(text string) (days []string, wrong string) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，;；、", r) }) {
		day, err := time.Parse("2006-1-2", strings.NewReplacer("/", "-", ".", "-").Replace(word))
		if err != nil {
			return nil, cut(word, 20)
		}
		days = append(days, day.Format(clock.DateLayout))
	}
	slices.Sort(days)
	return slices.Compact(days), ""
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// linkFault says what is wrong with the address of a meeting elsewhere; empty when nothing is, or there is none.
func linkFault(link string) string {
	if link == "" {
		return ""
	}
	u, err := url.Parse(link)
	switch {
	case err != nil || len(link) > 500 || strings.ContainsFunc(link, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return "这不是一个网址，请从会议软件里完整复制。"
	case u.Scheme != "https":
		return "会议链接须以 https:// 开头。"
	case u.User != nil:
		return "会议链接里不要带用户名和密码。"
	case u.Hostname() == "" || !strings.Contains(u.Hostname(), "."):
		return "这不是一个网址，请从会议软件里完整复制。"
	}
	return ""
}

// open tells whether an order is in a state in which there is something to watch.
func watchable(o order.Order) bool {
	switch o.State {
	case order.StateAccepted, order.StateSampled, order.StateRunning, order.StateDone:
		return true
	}
	return false
}
