package facts

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/web"
)

type wireFact struct {
	ID     string `json:"id"`
	Fact   string `json:"fact" example:"staff"`
	Name   string `json:"name"`
	Year   string `json:"year,omitempty" example:"2025"`
	Value  string `json:"value" doc:"As a form takes it: yuan for money, yes or no, YYYY-MM-DD; masked for readers who are not of the firm where it belongs to a natural person"`
	AsOf   string `json:"as_of"`
	Source string `json:"source" enum:"stated,verified,imported"`
	Reuse  bool   `json:"reuse"`
	File   string `json:"file,omitempty"`
	Note   string `json:"note,omitempty"`
}

type (
	wireTyped struct {
		Fact  string `json:"fact" example:"sales"`
		Year  string `json:"year,omitempty" example:"2025"`
		Value string `json:"value" doc:"Empty takes the value back" example:"12000000"`
	}
	factsOut struct {
		Body struct {
			Items  []wireFact `json:"items"`
			Hidden int        `json:"hidden,omitempty" doc:"Facts that were not given to this authority"`
		}
	}
	writeIn struct {
		Body struct {
			Facts []wireTyped `json:"facts" minItems:"1" maxItems:"200"`
			AsOf  string      `json:"as_of,omitempty" doc:"Civil day on which counts were made; today when missing"`
			Reuse bool        `json:"reuse,omitempty" doc:"The authority of the region may use the values for other purposes, too"`
			Note  string      `json:"note,omitempty"`
		}
	}
	oneIn struct {
		ID string `path:"id"`
	}
	openIn struct {
		ID   string `path:"id"`
		Body struct {
			Reason string `json:"reason" doc:"The firm reads it"`
		}
	}
	verifyIn struct {
		ID   string `path:"id"`
		Body struct {
			Value string `json:"value,omitempty" doc:"As the document has it, where that differs"`
			Note  string `json:"note" doc:"Which document"`
		}
	}
	factOut struct{ Body wireFact }
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: action, Tag: "facts", Summary: summary, Description: description, Private: true}
	}
	web.API(g, op(http.MethodGet, "/file", "facts.own", "本单位的企业档案", "What holds now, one item a fact and year."), s.apiOwn)
	web.API(g, op(http.MethodPost, "/file", "facts.edit", "填写或更正企业档案", "Either all values are written or none. A correction is a new entry; what was there before stays in the history."), s.apiWrite)
	web.API(g, op(http.MethodPost, "/files/{id}/open", "facts.inspect", "写明事由打开一家企业的档案", "{id} is the organisation's. The file can be read until the end of the day."), s.apiOpen)
	web.API(g, op(http.MethodGet, "/files/{id}", "facts.inspect", "一家企业的档案", "Open it first. Only what was given to the region or may be used again."), s.apiFile)
	web.API(g, op(http.MethodPost, "/facts/{id}/verify", "facts.verify", "按文件核实一项", ""), s.apiVerify)
}

func (s *Service) wire(ctx context.Context, e Entry, masked bool) wireFact {
	key, _ := dated.On(s.keys, s.today()).Key(e.Key)
	value := key.Typed(e.Value)
	if masked && key.Personal {
		value = key.mask(ctx, e.Value)
	}
	return wireFact{e.ID, e.Key, key.Name.In(ctx), e.Year, value, e.AsOf, e.Source, e.Reuse, e.FileName, e.Note}
}

func (s *Service) wireFile(ctx context.Context, file File, masked bool) *factsOut {
	out := &factsOut{}
	out.Body.Items = []wireFact{}
	for _, e := range file {
		out.Body.Items = append(out.Body.Items, s.wire(ctx, e, masked))
	}
	slices.SortFunc(out.Body.Items, func(a, b wireFact) int {
		return strings.Compare(a.Fact+a.Year, b.Fact+b.Year)
	})
	return out
}

func (s *Service) apiOwn(ctx context.Context, _ *struct{}) (*factsOut, error) {
	by := identity.SubjectOf(ctx)
	o, err := s.Organisations.Organisation(ctx, s.DB, by.Org)
	if err != nil {
		return nil, err
	}
	if err := s.Policy.Can(by, "facts.own", object(o)); err != nil {
		return nil, err
	}
	entries, err := entriesOf(ctx, s.DB, o.ID)
	return s.wireFile(ctx, Current(entries), false), err
}

func (s *Service) apiWrite(ctx context.Context, in *writeIn) (*factsOut, error) {
	c := Change{AsOf: in.Body.AsOf, Reuse: in.Body.Reuse, Note: in.Body.Note}
	for _, v := range in.Body.Facts {
		c.Values = append(c.Values, Typed{v.Fact, v.Year, v.Value})
	}
	if _, err := s.Write(ctx, identity.SubjectOf(ctx), c); err != nil {
		return nil, err
	}
	return s.apiOwn(ctx, nil)
}

func (s *Service) apiOpen(ctx context.Context, in *openIn) (*factsOut, error) {
	if err := s.Open(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Reason); err != nil {
		return nil, err
	}
	return s.apiFile(ctx, &oneIn{in.ID})
}

func (s *Service) apiFile(ctx context.Context, in *oneIn) (*factsOut, error) {
	by := identity.SubjectOf(ctx)
	o, err := s.Organisations.Organisation(ctx, s.DB, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.Policy.Can(by, "facts.inspect", object(o)); err != nil {
		return nil, err
	}
	open, err := s.opened(ctx, s.DB, by, o.ID)
	if err != nil {
		return nil, err
	}
	if !open {
		return nil, fault.New(fault.Conflict, "file-not-open", "请先写明事由，打开这家企业的档案。")
	}
	entries, err := entriesOf(ctx, s.DB, o.ID)
	if err != nil {
		return nil, err
	}
	all := Current(entries)
	shown, err := s.shownTo(ctx, s.DB, by, o.ID, all)
	out := s.wireFile(ctx, shown, true)
	out.Body.Hidden = len(all) - len(shown)
	return out, err
}

func (s *Service) apiVerify(ctx context.Context, in *verifyIn) (*factOut, error) {
	e, err := s.Confirm(ctx, identity.SubjectOf(ctx), in.ID, Check{Text: in.Body.Value, Note: in.Body.Note})
	if err != nil {
		return nil, err
	}
	return &factOut{s.wire(ctx, e, true)}, nil
}
