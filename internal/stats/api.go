package stats

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/web"
)

// NumberJSON is a number with its definition. value is exact: minutes, fen, or a count; a share is numerator over
// denominator.
type NumberJSON struct {
	Definition

	Value       int64      `json:"value" doc:"count, minutes, fen, or the numerator of a share"`
	Numerator   int64      `json:"numerator"`
	Denominator int64      `json:"denominator" doc:"1 where the unit has none; 0: nothing to measure yet"`
	Text        string     `json:"text" doc:"the value in the caller's language" example:"62.5%"`
	Region      string     `json:"region,omitempty" doc:"six digits; absent: everything on this node"`
	Until       string     `json:"until" doc:"cut-off day, included"`
	AsOf        db.Time    `json:"as_of"`
	Parts       []partJSON `json:"parts,omitempty"`
}

type partJSON struct {
	Kind   string `json:"kind"`
	Region string `json:"region"`
	Count  int64  `json:"count"`
}

func (v Value) wire(ctx context.Context) NumberJSON {
	n := NumberJSON{Definition: v.Definition, Value: v.Numerator, Numerator: v.Numerator, Denominator: v.Denominator, Text: v.Text(ctx), Region: v.Region, Until: v.Until, AsOf: db.At(v.AsOf)}
	for _, p := range v.Parts {
		n.Parts = append(n.Parts, partJSON(p))
	}
	return n
}

type rowJSON struct {
	When     string `json:"when" doc:"month; the day for those who may see rows unmasked"`
	What     string `json:"what" example:"order.placed"`
	Region   string `json:"region"`
	Asker    string `json:"asker,omitempty" example:"某企业·南湖区"` //i18n:data an example
	Provider string `json:"provider,omitempty"`
	Object   string `json:"object,omitempty" doc:"absent in a masked row"`
	Amount   int64  `json:"amount,omitempty" doc:"fen"`
	Minutes  int64  `json:"minutes,omitempty"`
	Score    int64  `json:"score,omitempty"`
	Counted  bool   `json:"counted" doc:"counts in the numerator"`
	Minus    bool   `json:"minus,omitempty" doc:"is taken off"`
	Masked   bool   `json:"masked"`
}

// ScopeInput is what a number is counted over.
type ScopeInput struct {
	Region string `query:"region" doc:"six digits of GB/T 2260; absent: everything on this node"`
	Until  string `query:"until" doc:"cut-off day, included; absent: today" example:"2026-11-21"`
}

type numbersOutput struct {
	Body struct {
		Items []NumberJSON `json:"items"`
	}
}

type numberInput struct {
	ScopeInput
	Code   string `path:"code" example:"match-rate"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"of rows"`
	Cursor string `query:"cursor" doc:"of rows"`
}

type numberOutput struct {
	Body struct {
		NumberJSON
		History []Point   `json:"history" doc:"by month, oldest first"`
		Rows    []rowJSON `json:"rows" doc:"the facts behind the number, newest month first"`
		Next    string    `json:"next,omitempty" doc:"cursor of the next page of rows"`
	}
}

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{Method: "GET", Path: "/api/v1/numbers", Action: "stats.view", Summary: "本地区的全部数字及其定义", Tag: "stats"}, s.apiNumbers)
	web.API(g, web.Op{Method: "GET", Path: "/api/v1/numbers/{code}", Action: "stats.view", Summary: "一个数字：定义、数值、按月历史与明细（公众看到的明细已脱敏）", Tag: "stats"}, s.apiNumber)
}

func (s *Service) apiNumbers(ctx context.Context, in *ScopeInput) (*numbersOutput, error) {
	scope, err := s.scope(in.Region, in.Until)
	if err != nil {
		return nil, err
	}
	values, err := s.Numbers(ctx, scope)
	if err != nil {
		return nil, err
	}
	out := &numbersOutput{}
	for _, v := range values {
		out.Body.Items = append(out.Body.Items, v.wire(ctx))
	}
	return out, nil
}

func (s *Service) apiNumber(ctx context.Context, in *numberInput) (*numberOutput, error) {
	scope, err := s.scope(in.Region, in.Until)
	if err != nil {
		return nil, err
	}
	v, err := s.Number(ctx, in.Code, scope)
	if err != nil {
		return nil, err
	}
	out := &numberOutput{}
	out.Body.NumberJSON = v.wire(ctx)
	if out.Body.History, err = s.History(ctx, v.Definition, scope, historyMonths); err != nil {
		return nil, err
	}
	rows, next, err := s.Rows(ctx, identity.SubjectOf(ctx), v.Definition, scope, in.Cursor, in.Limit)
	out.Body.Next, out.Body.Rows = next, make([]rowJSON, 0, len(rows))
	for _, r := range rows {
		out.Body.Rows = append(out.Body.Rows, rowJSON{When: r.When, What: string(r.What), Region: r.Region, Asker: r.Asker, Provider: r.Server, Object: r.Object,
			Amount: int64(r.Amount), Minutes: r.Minutes, Score: r.Score, Counted: r.Counted, Minus: r.Minus, Masked: r.Masked})
	}
	return out, err
}
