package record

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/web"
)

// checkAPI registers the calls of spot checks.
func (s *Service) checkAPI(g *web.APIGroup, op func(method, path, action, summary, description string) web.Op) {
	web.API(g, op(http.MethodGet, "/record-checks", "record.inspect", "列出服务记录抽查", "The newest first."), s.apiChecks)
	draw := op(http.MethodPost, "/record-checks", "record.draw", "抽查服务记录", "Draws from what units recorded themselves and asks them. A record's lot is the SHA-256 of the seed, a line feed and the record's id; the smallest lots are drawn. GET /desk/record-checks/{id}/list is the whole list it was drawn from.")
	draw.Status = http.StatusCreated
	web.API(g, draw, s.apiDraw)
	web.API(g, op(http.MethodGet, "/record-checks/{id}", "record.inspect", "查看服务记录抽查", "With every record that was drawn."), s.apiCheck)
	web.API(g, op(http.MethodGet, "/checked-records", "record.view", "列出被抽查的服务记录", "Of one's own unit, or of those one sees; what waits comes first."), s.apiAsked)
	web.API(g, op(http.MethodPost, "/checked-records/{id}/answer", "record.keep", "答复抽查", "What the owner says about a record that was drawn; files are added on the page."), s.apiAnswer)
	web.API(g, op(http.MethodPost, "/checked-records/{id}/decide", "record.decide", "核定抽查", "pass, or strike with a reason: then the record counts no more. Nothing is struck before its owner has answered or the last day to answer has passed."), s.apiDecide)
}

type checkBody struct {
	ID         string `json:"id"`
	Number     string `json:"number"`
	Year       string `json:"year"`
	Owner      string `json:"owner,omitempty" doc:"One unit; all units where empty"`
	Note       string `json:"note,omitempty"`
	Population int64  `json:"population" doc:"Records it was drawn from"`
	Drawn      int64  `json:"drawn"`
	Decided    int64  `json:"decided"`
	Seed       string `json:"seed"`
	List       string `json:"list_sha256"`
	Due        string `json:"due" doc:"Last day to answer"`
	State      string `json:"state" doc:"open or closed"`
	CreatedAt  string `json:"created_at"`

	Items []checkedBody `json:"items,omitempty"`
}

func wireCheck(c Check) checkBody {
	return checkBody{c.ID, c.Number(), c.Year, c.Owner, c.Note, c.Population, c.Drawn, c.Decided, c.Seed, c.List, c.Due, c.State, c.CreatedAt.String(), nil}
}

type checkedBody struct {
	ID      string `json:"id"`
	Check   string `json:"check"`
	Record  string `json:"record"`
	Number  string `json:"number,omitempty" doc:"Of the record"`
	Owner   string `json:"owner"`
	Place   int64  `json:"place" doc:"In the order of the draw"`
	Lot     string `json:"lot"`
	State   string `json:"state" doc:"asked, answered, passed or struck"`
	Reason  string `json:"reason,omitempty"`
	Decided string `json:"decided_at,omitempty"`
}

func wireChecked(x Checked, r Record) checkedBody {
	b := checkedBody{ID: x.ID, Check: x.Check, Record: x.Record, Owner: x.Owner, Place: x.Place, Lot: x.Lot, State: x.State, Reason: x.Reason}
	if r.ID != "" {
		b.Number = r.Number()
	}
	if !x.DecidedAt.IsZero() {
		b.Decided = db.At(x.DecidedAt.Time).String()
	}
	return b
}

type checksOut struct {
	Body struct {
		Items []checkBody `json:"items"`
	}
}

func (s *Service) apiChecks(ctx context.Context, _ *struct{}) (*checksOut, error) {
	list, err := s.Checks(ctx, identity.SubjectOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &checksOut{}
	out.Body.Items = []checkBody{}
	for _, c := range list {
		out.Body.Items = append(out.Body.Items, wireCheck(c))
	}
	return out, nil
}

type drawIn struct {
	Body struct {
		Year  string `json:"year" example:"2026"`
		Owner string `json:"owner,omitempty" doc:"One unit; all of the region where empty"`
		Count int64  `json:"count"`
		Seed  string `json:"seed,omitempty" doc:"A random one where empty"`
		Due   string `json:"due,omitempty" doc:"Last day to answer; by the terms where empty"`
		Note  string `json:"note,omitempty"`
	}
}

type checkOut struct{ Body checkBody }

func (s *Service) apiDraw(ctx context.Context, in *drawIn) (*checkOut, error) {
	by := identity.SubjectOf(ctx)
	c, err := s.DrawCheck(ctx, by, Draw{Year: in.Body.Year, Owner: in.Body.Owner, Count: in.Body.Count, Seed: in.Body.Seed, Due: in.Body.Due, Note: in.Body.Note})
	if err != nil {
		return nil, err
	}
	return s.apiCheck(ctx, &idIn{c.ID})
}

func (s *Service) apiCheck(ctx context.Context, in *idIn) (*checkOut, error) {
	c, err := s.CheckOf(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	var w db.Where
	w.And("check_id = ?", c.ID)
	rows, err := s.drawnOf(ctx, &w)
	if err != nil {
		return nil, err
	}
	out := &checkOut{wireCheck(c)}
	for _, x := range rows {
		out.Body.Items = append(out.Body.Items, wireChecked(x.Checked, x.Service))
	}
	return out, nil
}

type askedOut struct {
	Body struct {
		Items []checkedBody `json:"items"`
	}
}

func (s *Service) apiAsked(ctx context.Context, _ *struct{}) (*askedOut, error) {
	var w db.Where
	s.Policy.Filter(identity.SubjectOf(ctx), "record.view", map[string]string{Owner: "owner", identity.SideRegion: "region"}, &w)
	rows, err := s.drawnOf(ctx, &w)
	if err != nil {
		return nil, err
	}
	out := &askedOut{}
	out.Body.Items = []checkedBody{}
	for _, x := range rows {
		out.Body.Items = append(out.Body.Items, wireChecked(x.Checked, x.Service))
	}
	return out, nil
}

type answerIn struct {
	ID   string `path:"id"`
	Body struct {
		Text string `json:"text"`
	}
}

type checkedOut struct{ Body checkedBody }

func (s *Service) apiAnswer(ctx context.Context, in *answerIn) (*checkedOut, error) {
	x, err := s.Answer(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Text, nil)
	if err != nil {
		return nil, err
	}
	return &checkedOut{wireChecked(x, Record{})}, nil
}

type decideIn struct {
	ID   string `path:"id"`
	Body struct {
		Verb   string `json:"verb" enum:"pass,strike"`
		Reason string `json:"reason,omitempty"`
	}
}

func (s *Service) apiDecide(ctx context.Context, in *decideIn) (*checkedOut, error) {
	x, err := s.Decide(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Verb, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &checkedOut{wireChecked(x, Record{})}, nil
}
