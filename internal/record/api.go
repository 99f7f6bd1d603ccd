package record

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: action, Tag: "record", Summary: summary, Description: description, Private: true}
	}
	web.API(g, op(http.MethodGet, "/service-records", "record.view", "列出服务记录", "The newest service first; sums are of all records that the filter chooses and that count."), s.apiList)
	one := op(http.MethodPost, "/service-records", "record.keep", "登记一次服务", "Of an instrument of one's own. The same Idempotency-Key, or the same own_number with the same content, changes nothing; a service that is there already is refused with 409 naming the first.")
	one.Status = http.StatusCreated
	web.API(g, one, s.apiMake)
	web.API(g, op(http.MethodPost, "/service-records/batch", "record.keep", "成批登记服务", "Up to 1000 at once, each for itself: the answer says of every item whether it was added, is the same as before, or was refused and why. key makes an item the same whenever it is sent again."), s.apiBatch)
	web.API(g, op(http.MethodGet, "/service-records/effect", "record.view", "年度服务成效", "Of a unit by instrument, or of all units one sees; every figure is the sum of the records that the same filter of GET /service-records gives. Files in the national format: GET /desk/records/file?format=xlsx|csv|json with the same parameters."), s.apiEffect)
	web.API(g, op(http.MethodGet, "/service-records/{id}", "record.view", "查看服务记录", "With its history."), s.apiOne)
	web.API(g, op(http.MethodPost, "/service-records/{id}/correct", "record.keep", "更正服务记录", "The whole record as it should be, with the reason."), s.apiCorrect)
	web.API(g, op(http.MethodPost, "/service-records/{id}/withdraw", "record.keep", "撤回服务记录", "It stays to be seen and counts no more."), s.apiWithdraw)
	s.checkAPI(g, op)
}

// bodyIn is a service as it is told over the API; its names are those that errors name.
type bodyIn struct {
	Key        string   `json:"key,omitempty" doc:"Batch: makes this item the same whenever it is sent again"`
	OwnNumber  string   `json:"own_number,omitempty" doc:"The owner's own number of the record, unique within the owner"`
	Instrument string   `json:"instrument" doc:"Id, own number or name of an instrument of one's own" example:"EQ-0001"`
	Start      string   `json:"start" doc:"A day, or a time as RFC 3339" example:"2026-11-20T09:00:00+08:00"`
	End        string   `json:"end,omitempty"`
	User       string   `json:"user" doc:"Organisation; a person where there is none"`
	USCC       string   `json:"uscc,omitempty"`
	Inside     string   `json:"inside,omitempty" doc:"inside or outside of the owner's unit; derived from the user where empty"`
	Applicant  string   `json:"applicant,omitempty"`
	Phone      string   `json:"phone,omitempty"`
	Email      string   `json:"email,omitempty"`
	Ways       []string `json:"ways,omitempty" doc:"self, guided, commissioned, remote, other"`
	Served     string   `json:"served,omitempty" doc:"What was done"`
	Hours      float64  `json:"machine_hours,omitempty" doc:"Without idle running, two decimals"`
	Samples    int64    `json:"samples,omitempty"`
	Amount     int64    `json:"amount,omitempty" doc:"Fee in fen"`
	Project    string   `json:"project,omitempty"`
	Incomes    []string `json:"incomes,omitempty" doc:"Codes A–P of the national format, at most 4"`
	Areas      []string `json:"areas,omitempty" doc:"First-level subjects of GB/T 13745, at most 4"`
	Research   string   `json:"research,omitempty"`
	Contract   string   `json:"contract,omitempty"`
	Invoice    string   `json:"invoice,omitempty"`
	Report     string   `json:"report,omitempty"`
	Opinion    string   `json:"opinion,omitempty" doc:"5 very satisfied … 1 very poor"`
	Note       string   `json:"note,omitempty"`
}

// get gives the fields as texts.
func (b bodyIn) get(field string) string {
	switch field {
	case FieldOwnNumber:
		return b.OwnNumber
	case FieldInstrument:
		return b.Instrument
	case FieldStart:
		return b.Start
	case FieldEnd:
		return b.End
	case FieldUser:
		return b.User
	case FieldUSCC:
		return b.USCC
	case FieldInside:
		return b.Inside
	case FieldApplicant:
		return b.Applicant
	case FieldPhone:
		return b.Phone
	case FieldEmail:
		return b.Email
	case FieldWays:
		return strings.Join(b.Ways, ",")
	case FieldContent:
		return b.Served
	}
	return b.getMore(field)
}

func (b bodyIn) getMore(field string) string {
	switch field {
	case FieldHours:
		if b.Hours != 0 {
			return strconv.FormatFloat(b.Hours, 'f', -1, 64)
		}
	case FieldSamples:
		if b.Samples != 0 {
			return strconv.FormatInt(b.Samples, 10)
		}
	case FieldFee:
		return money.Fen(b.Amount).Yuan()
	case FieldProject:
		return b.Project
	case FieldIncomes:
		return strings.Join(b.Incomes, ",")
	case FieldAreas:
		return strings.Join(b.Areas, ",")
	case FieldResearch:
		return b.Research
	case FieldContract:
		return b.Contract
	case FieldInvoice:
		return b.Invoice
	case FieldReport:
		return b.Report
	case FieldOpinion:
		return b.Opinion
	case FieldNote:
		return b.Note
	}
	return ""
}

// body is a record as the API shows it.
type body struct {
	ID         string   `json:"id"`
	Number     string   `json:"number"`
	Owner      string   `json:"owner"`
	Resource   string   `json:"resource"`
	Source     string   `json:"source" doc:"order, sheet, form or api"`
	Order      string   `json:"order,omitempty"`
	State      string   `json:"state" doc:"kept, withdrawn or struck; only kept ones count"`
	Revision   int64    `json:"revision"`
	OwnNumber  string   `json:"own_number,omitempty"`
	Instrument string   `json:"instrument,omitempty" doc:"The owner's own number of the instrument"`
	Start      string   `json:"start" doc:"A day, or a time where it is known"`
	End        string   `json:"end,omitempty"`
	User       string   `json:"user"`
	USCC       string   `json:"uscc,omitempty"`
	Inside     bool     `json:"inside"`
	Applicant  string   `json:"applicant,omitempty"`
	Phone      string   `json:"phone,omitempty"`
	Email      string   `json:"email,omitempty"`
	Ways       []string `json:"ways"`
	Served     string   `json:"served,omitempty"`
	Hours      float64  `json:"machine_hours"`
	Samples    int64    `json:"samples"`
	Amount     int64    `json:"amount"`
	Currency   string   `json:"currency"`
	Project    string   `json:"project,omitempty"`
	Incomes    []string `json:"incomes"`
	Areas      []string `json:"areas"`
	Research   string   `json:"research,omitempty"`
	Contract   string   `json:"contract,omitempty"`
	Invoice    string   `json:"invoice,omitempty"`
	Report     string   `json:"report,omitempty"`
	Opinion    string   `json:"opinion,omitempty"`
	Note       string   `json:"note,omitempty"`

	History []stepBody `json:"history,omitempty"`
}

type stepBody struct {
	At      string   `json:"at"`
	Verb    string   `json:"verb"`
	From    string   `json:"from"`
	To      string   `json:"to"`
	Reason  string   `json:"reason,omitempty"`
	Changes []Change `json:"changes,omitempty"`
}

func wire(r Record) body {
	when := func(t time.Time) string {
		if !r.Timed {
			return clock.Day(t)
		}
		return t.UTC().Format(time.RFC3339)
	}
	b := body{
		ID: r.ID, Number: r.Number(), Owner: r.Owner, Resource: r.Resource, Source: r.Source, Order: r.Order, State: r.State, Revision: r.Revision, OwnNumber: r.OwnNumber, Instrument: r.Instrument,
		Start: when(r.Start.Time), User: r.User, USCC: r.USCC, Inside: r.Inside, Applicant: r.Applicant, Phone: r.Phone, Email: r.Email, Ways: append([]string{}, list(r.Ways)...), Served: r.Content,
		Hours: float64(r.Hours) / 100, Samples: r.Samples, Amount: int64(r.Fee), Currency: "CNY", Project: r.Project, Incomes: append([]string{}, list(r.Incomes)...), Areas: append([]string{}, list(r.Areas)...),
		Research: r.Research, Contract: r.Contract, Invoice: r.Invoice, Report: r.Report, Opinion: r.Opinion, Note: r.Note,
	}
	if !r.End.IsZero() {
		b.End = when(r.End.Time)
	}
	return b
}

type sumsBody struct {
	Records int64   `json:"records"`
	Users   int64   `json:"users" doc:"Different ones"`
	Hours   float64 `json:"machine_hours"`
	Samples int64   `json:"samples"`
	Amount  int64   `json:"amount"`
}

func wireSums(s Sums) sumsBody {
	return sumsBody{s.Records, s.Users, float64(s.Hours) / 100, s.Samples, int64(s.Fee)}
}

type listIn struct {
	Year     string `query:"year" example:"2026"`
	Month    string `query:"month" example:"2026-11"`
	Owner    string `query:"owner"`
	Resource string `query:"resource"`
	Side     string `query:"side" enum:"inside,outside"`
	State    string `query:"state" enum:"kept,withdrawn,struck"`
	Source   string `query:"source" enum:"order,sheet,form,api"`
	Q        string `query:"q"`
	Limit    int    `query:"limit"`
	Cursor   string `query:"cursor"`
}

type listOut struct {
	Body struct {
		Items []body   `json:"items"`
		Sums  sumsBody `json:"sums"`
		Next  string   `json:"next,omitempty"`
	}
}

func (s *Service) apiList(ctx context.Context, in *listIn) (*listOut, error) {
	by := identity.SubjectOf(ctx)
	f := Filter{Year: in.Year, Month: in.Month, Owner: in.Owner, Resource: in.Resource, Side: in.Side, State: in.State, Source: in.Source, Text: in.Q, Limit: in.Limit, Cursor: in.Cursor}
	records, next, err := s.List(ctx, by, f)
	if err != nil {
		return nil, err
	}
	if f.State == "" {
		f.State = Kept
	}
	sums, err := s.Total(ctx, by, f)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items, out.Body.Sums, out.Body.Next = []body{}, wireSums(sums), next
	for _, r := range records {
		out.Body.Items = append(out.Body.Items, wire(r))
	}
	return out, nil
}

type makeIn struct {
	Key  string `header:"Idempotency-Key"`
	Body bodyIn
}

type oneOut struct{ Body body }

func (s *Service) apiMake(ctx context.Context, in *makeIn) (*oneOut, error) {
	r, err := s.Make(ctx, identity.SubjectOf(ctx), FromAPI, in.Key, in.Body.get)
	if err != nil {
		return nil, err
	}
	return &oneOut{wire(r)}, nil
}

// maxBatch is how many services one call may tell.
const maxBatch = 1000

type batchIn struct {
	Body struct {
		Items []bodyIn `json:"items"`
	}
}

type errorBody struct {
	Field string `json:"field,omitempty"`
	Code  string `json:"code"`
	Text  string `json:"text"`
}

type outcomeBody struct {
	Outcome string      `json:"outcome" doc:"added, same or refused"`
	ID      string      `json:"id,omitempty"`
	Number  string      `json:"number,omitempty"`
	First   string      `json:"first,omitempty" doc:"Refused as a repetition: id of the one that stands"`
	Errors  []errorBody `json:"errors,omitempty"`
}

type batchOut struct {
	Body struct {
		Added   int           `json:"added"`
		Same    int           `json:"same"`
		Refused int           `json:"refused"`
		Items   []outcomeBody `json:"items" doc:"In the order they were sent"`
	}
}

func (s *Service) apiBatch(ctx context.Context, in *batchIn) (*batchOut, error) {
	items := in.Body.Items
	if len(items) > maxBatch {
		return nil, fault.New(fault.TooLarge, "batch-too-large", "一次最多 {0} 条，请分几次。", maxBatch)
	}
	keys, gets := make([]string, len(items)), make([]func(string) string, len(items))
	for i, x := range items {
		keys[i], gets[i] = x.Key, x.get
	}
	outcomes, err := s.MakeMany(ctx, identity.SubjectOf(ctx), FromAPI, keys, gets)
	if err != nil {
		return nil, err
	}
	out := &batchOut{}
	out.Body.Items = []outcomeBody{}
	for _, o := range outcomes {
		x := outcomeBody{Outcome: o.What, ID: o.Record.ID, First: o.First.ID}
		switch o.What {
		case Added:
			out.Body.Added++
		case Same:
			out.Body.Same++
		default:
			out.Body.Refused++
		}
		if x.ID != "" {
			x.Number = o.Record.Number()
		}
		for _, e := range o.Errors {
			x.Errors = append(x.Errors, errorBody{e.Name, e.Code, i18n.T(ctx, e.Text, e.Args...)})
		}
		out.Body.Items = append(out.Body.Items, x)
	}
	return out, nil
}

type idIn struct {
	ID string `path:"id"`
}

func (s *Service) apiOne(ctx context.Context, in *idIn) (*oneOut, error) {
	r, err := s.Get(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	steps, err := listSteps(ctx, s.DB, r.ID)
	if err != nil {
		return nil, err
	}
	out := &oneOut{wire(r)}
	for _, x := range steps {
		out.Body.History = append(out.Body.History, stepBody{x.At.String(), x.Verb, x.From, x.To, x.Reason, x.changes()})
	}
	return out, nil
}

type correctIn struct {
	ID   string `path:"id"`
	Body struct {
		bodyIn
		Reason   string `json:"reason"`
		Revision int64  `json:"revision,omitempty" doc:"That was seen; refused when somebody has changed it since"`
	}
}

func (s *Service) apiCorrect(ctx context.Context, in *correctIn) (*oneOut, error) {
	r, err := s.Correct(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Reason, in.Body.Revision, in.Body.get)
	if err != nil {
		return nil, err
	}
	return &oneOut{wire(r)}, nil
}

type withdrawIn struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason"`
	}
}

func (s *Service) apiWithdraw(ctx context.Context, in *withdrawIn) (*oneOut, error) {
	r, err := s.Withdraw(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &oneOut{wire(r)}, nil
}
