package scheme

import (
	"cmp"
	"slices"
	"strings"

	"qiao/internal/platform/money"
)

// Standing is a list that an organisation stands on, with the evidence.
type Standing struct {
	Roster   string // its code
	Number   string // of the certificate
	From, To string // civil days; empty: open
	Evidence string
	Entry    string // id of the list's entry
}

// Applicant is all that the rules look at when a firm asks for a quota.
type Applicant struct {
	Region     string
	Place      Name     // of Region, for the explanation
	Capacities []string // verified and in their dates
	Declared   []string // codes of the statements the firm made
	Groups     []string // codes of the terms' groups it belongs to
	Asked      money.Fen
	YearGiven  money.Fen       // granted to the firm in this programme in this civil year
	EverGiven  money.Fen       // the same in all years
	YearTimes  int             // number of quotas granted in this civil year
	Holding    money.Fen       // granted and not yet spent
	Unissued   money.Fen       // what the programme has left
	Standing   []Standing      // the lists it stands on today
	Lists      map[string]Name // names of the lists that the terms ask for
	Day        string          // the civil day; empty: not known, windows are not checked
	Type       string          // of the voucher asked for, where the terms know types
	Team       bool            // a team that is not yet a company
	Members    int             // of the team
	History    History         // what it made of the vouchers it got in the programme before
	// TeamThisYear tells that the firm was a team with a voucher of the programme in this civil year.
	TeamThisYear bool
}

// Check goes through the terms for an applicant, point by point: the page of the officer who decides, and of the firm
// before it sends. Only a No refuses.
func (t Terms) Check(a Applicant) []Line {
	lines := []Line{
		point("firm-region", withinAny(a.Region, t.Firms.Value), "企业所在地区（{0}）在支持范围内", "企业所在地区（{0}）不在支持范围内", &t.Firms.Clause, place(a.Region, a.Place)),
		point("capacity", slices.ContainsFunc(a.Capacities, func(c string) bool { return slices.Contains(t.Capacities.Value, c) }),
			"企业身份已核验", "企业身份还没有通过核验", &t.Capacities.Clause),
	}
	lines = append(lines, t.rosterLines(a)...)
	lines = append(lines, t.groupLines(a)...)
	lines = append(lines, t.lifeLines(a)...)
	for _, s := range t.Statements {
		ok := s.Optional || slices.Contains(a.Declared, s.Code)
		lines = append(lines, point("statement", ok, "企业已承诺：{0}", "企业还没有承诺：{0}", &s.Clause, s.Name))
	}
	room, why := t.Room(a)
	l := point("amount", a.Asked > 0 && a.Asked <= room, "申请额度 {0}，不超过还可申请的 {1}", "申请额度 {0}，超过还可申请的 {1}", why.Clause, a.Asked, room)
	return append(lines, l)
}

// rosterLines check the lists that the terms name, each with the evidence an officer reads.
func (t Terms) rosterLines(a Applicant) []Line {
	if t.Rosters == nil {
		return nil
	}
	var out []Line
	cl := &t.Rosters.Clause
	if len(t.Rosters.Any) > 0 {
		ok, names := false, Name{}
		for i, code := range t.Rosters.Any {
			n := ListName(a.Lists, code)
			if i > 0 {
				names.ZH, names.EN = names.ZH+"、", names.EN+", " //i18n:data marks between names
			}
			names.ZH, names.EN = names.ZH+n.ZH, names.EN+cmp.Or(n.EN, n.ZH)
			for _, s := range a.Standing {
				if s.Roster == code {
					ok = true
					out = append(out, Line{Code: "roster", Text: "企业在“{0}”名单上：{1}", Args: []any{n, s.evidence()}, Clause: cl, Verdict: Yes})
				}
			}
		}
		if !ok {
			out = append(out, Line{Code: "roster", Text: "企业今天不在要求的名单上（{0}）", Args: []any{names}, Clause: cl, Verdict: No})
		}
	}
	for _, code := range t.Rosters.None {
		l := Line{Code: "roster-ban", Text: "企业不在“{0}”上", Args: []any{ListName(a.Lists, code)}, Clause: cl, Verdict: Yes}
		for _, s := range a.Standing {
			if s.Roster == code {
				l.Text, l.Args, l.Verdict = "企业在“{0}”上：{1}", []any{ListName(a.Lists, code), s.evidence()}, No
			}
		}
		out = append(out, l)
	}
	return out
}

// ListName is the name of a list, or its code when the name is not known.
func ListName(lists map[string]Name, code string) Name {
	if n, known := lists[code]; known {
		return n
	}
	return Name{ZH: code, EN: code}
}

// evidence is what an officer needs to see: number, days, document.
func (s Standing) evidence() Name {
	zh, en := []string{s.Number}, []string{s.Number}
	if s.To != "" {
		zh, en = append(zh, "至 "+s.To), append(en, "until "+s.To) //i18n:data a span of days in both languages
	} else if s.From != "" {
		zh, en = append(zh, "自 "+s.From), append(en, "since "+s.From) //i18n:data a span of days in both languages
	}
	drop := func(x string) bool { return x == "" }
	return Name{strings.Join(slices.DeleteFunc(append(zh, s.Evidence), drop), "，"), strings.Join(slices.DeleteFunc(append(en, s.Evidence), drop), ", ")} //i18n:data a mark between items
}

// groupsOf adds the groups that this very application declares.
func (t Terms) groupsOf(a Applicant) []string {
	return t.GroupsOf(Membership{Groups: a.Groups, Declared: a.Declared})
}

// groupLines say which groups the firm belongs to, and whether it has applications left this year.
func (t Terms) groupLines(a Applicant) []Line {
	var out []Line
	groups := t.groupsOf(a)
	for _, g := range t.Groups {
		if slices.Contains(groups, g.Code) {
			out = append(out, Line{Code: "group", Text: "企业类别：{0}", Args: []any{g.Name}, Clause: &g.Clause, Verdict: Yes})
		}
	}
	if t.GroupsOnly != nil && len(out) == 0 {
		out = append(out, Line{Code: "group", Text: "企业不属于本计划支持的任何一类", Clause: t.GroupsOnly, Verdict: No})
	}
	if n := t.CapsOf(groups).Applications; n != nil {
		out = append(out, point("applications", a.YearTimes < n.Value, "今年已获 {0} 次，每年最多 {1} 次", "今年已获 {0} 次，每年最多 {1} 次，不能再申请", &n.Clause, a.YearTimes, n.Value))
	}
	return out
}

// Room is the most that may still be granted to the applicant, with the line of the limit that binds.
func (t Terms) Room(a Applicant) (money.Fen, Line) {
	best := Line{Code: "budget", Text: "本计划预算余额 {0}", Args: []any{max(a.Unissued, 0)}, Amount: max(a.Unissued, 0), Clause: &t.Budget.Clause}
	take := func(most *Sourced[money.Fen], had money.Fen, code, text string) {
		if most == nil {
			return
		}
		if room := max(most.Value-had, 0); room < best.Amount {
			best = Line{Code: code, Text: text, Args: []any{most.Value, had, room}, Amount: room, Clause: &most.Clause}
		}
	}
	caps := t.CapsOf(t.groupsOf(a))
	take(caps.Year, a.YearGiven, "cap-year", "每家企业每年最多 {0}，今年已获 {1}，还可申请 {2}")
	take(caps.Ever, a.EverGiven, "cap-ever", "每家企业累计最多 {0}，已获 {1}，还可申请 {2}")
	take(caps.Holding, a.Holding, "cap-holding", "同时持有最多 {0}，现持有 {1}，还可申请 {2}")
	take(caps.Application, 0, "cap-application", "每次申请最多 {0}")
	t.lifeRoom(a, take)
	return best.Amount, best
}

func point(code string, ok bool, yes, no string, cl *Clause, args ...any) Line {
	if ok {
		return Line{Code: code, Text: yes, Args: args, Clause: cl, Verdict: Yes}
	}
	return Line{Code: code, Text: no, Args: args, Clause: cl, Verdict: No}
}

// Refused is the first line that says no; nil when none does.
func Refused(lines []Line) *Line {
	for i := range lines {
		if lines[i].Verdict == No {
			return &lines[i]
		}
	}
	return nil
}
