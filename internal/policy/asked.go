package policy

import (
	"context"
	_ "embed" // the dated data
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

//go:embed rosters.json
var askedData []byte

// Asked is a list that a call asks its applicants to stand on, as its title says.
type Asked struct {
	From   string   `json:"from"`
	Code   string   `json:"code"`
	ZH     string   `json:"zh"`
	EN     string   `json:"en"`
	Words  []string `json:"words"`
	Source string   `json:"source"`
}

// readAsked reads the embedded data.
func readAsked() ([]Asked, error) {
	var d struct {
		Asked []Asked `json:"asked"`
	}
	if err := json.Unmarshal(askedData, &d); err != nil {
		return nil, fmt.Errorf("read the lists that calls ask for: %w", err)
	}
	return d.Asked, nil
}

// asks are the lists that a call's title names.
func (c Call) asks(known []Asked) []Asked {
	var out []Asked
	for _, a := range known {
		if a.From <= c.Published && slices.ContainsFunc(a.Words, func(w string) bool { return strings.Contains(c.Title, w) }) {
			out = append(out, a)
		}
	}
	return out
}

// firmView is what a call says to the organisation that is signed in.
type firmView struct {
	Call     string // its address
	Asked    []Asked
	SignedIn bool
	Firm     bool // it may apply: an enterprise or a team
	Org      string
	Bans     []Standing
	On       map[string]Standing // of the lists asked for, by code
}

// firm looks whether who is signed in stands on what a call asks for, and on what shuts out.
func (s *Service) firm(ctx context.Context, c Call) (firmView, error) {
	sub := identity.SubjectOf(ctx)
	v := firmView{Call: "/calls/" + c.ID, Asked: c.asks(s.asked), SignedIn: sub.SignedIn(), Org: sub.Org, On: map[string]Standing{}}
	v.Firm = slices.ContainsFunc(sub.Capacities, func(x string) bool { return x == identity.CapacityEnterprise || x == identity.CapacityTeam })
	if !v.Firm || s.rosters == nil {
		return v, nil
	}
	list, err := s.rosters.Standing(ctx, s.db, sub.Org, s.today())
	if err != nil {
		return v, fmt.Errorf("look what the firm stands on: %w", err)
	}
	for _, x := range list {
		had, twice := v.On[x.Code]
		switch {
		case x.Ban:
			v.Bans = append(v.Bans, x)
		case !twice || x.To == "" || had.To != "" && x.To > had.To: // the one that holds longest
			v.On[x.Code] = x
		}
	}
	return v, nil
}

// remarks say of each list whether the firm stands on it, bans first.
func (v firmView) remarks(ctx context.Context) []ui.Remark {
	var out []ui.Remark
	for _, b := range v.Bans {
		out = append(out, ui.Remark{Tone: ui.Bad, Text: t(ctx, "贵单位在“{0}”上（{1}），在此期间不能申报财政支持的项目。有异议请联系列入名单的部门。", i18n.Pick(ctx, b.NameZH, b.NameEN), until(ctx, b.To))})
	}
	for _, a := range v.Asked {
		name := i18n.Pick(ctx, a.ZH, a.EN)
		if x, ok := v.On[a.Code]; ok {
			out = append(out, ui.Remark{Tone: ui.OK, Text: t(ctx, "贵单位在“{0}”名单上（{1}）。", name, until(ctx, x.To))})
			continue
		}
		out = append(out, ui.Remark{Tone: ui.Bad, Text: t(ctx, "贵单位今天不在“{0}”名单上：没有入库，或有效期已过。", name)})
	}
	return out
}

func until(ctx context.Context, day string) string {
	if day == "" {
		return t(ctx, "长期有效")
	}
	return t(ctx, "有效至 {0}", day)
}

// chips are the lists asked for, as tags.
func chips(ctx context.Context, asked []Asked) []ui.Chip {
	var out []ui.Chip
	for _, a := range asked {
		out = append(out, ui.Chip{Tone: ui.Info, Text: i18n.Pick(ctx, a.ZH, a.EN)})
	}
	return out
}
