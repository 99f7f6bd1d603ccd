package campus

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"qiao/internal/booking"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// Signed is what every call of theirs brings beside its content.
type Signed struct {
	Link      string `header:"Campus-Connection" doc:"Id of the connection"`
	Time      string `header:"Campus-Time" doc:"Seconds since 1970, within five minutes of our clock"`
	Signature string `header:"Campus-Signature" doc:"v1= and HMAC-SHA256 in hex, with the connection's secret, over time, method, path with query and body; the first three each end with a line feed"`
	method    string
	path      string
}

// Resolve remembers what the signature is about; huma calls it.
func (s *Signed) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	s.method, s.path = ctx.Method(), u.RequestURI()
	return nil
}

func (s *Signed) call(body []byte) Call {
	return Call{Link: s.Link, Time: s.Time, Signature: s.Signature, Method: s.method, Path: s.path, Body: body}
}

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	note := " Signed, see docs/campus.md."
	op := func(method, path, summary, text string) web.Op {
		return web.Op{Method: method, Path: "/api/v1/campus/" + path, Action: "campus.call", Tag: "campus", Summary: summary, Description: text + note, Status: http.StatusOK}
	}
	web.API(g, op(http.MethodPost, "busy", "校内系统：推送占用", "Times taken in your calendar, 500 at most. A record is known by id and version: the same again changes nothing, an older one is stale. Only the result taken (or unchanged, or own) means that the time is yours."), s.apiPush)
	web.API(g, op(http.MethodPut, "busy", "校内系统：推送整表", "All times taken of one instrument between two instants. What is not listed any more is given back, unless its version is newer than the list's."), s.apiReplace)
	web.API(g, op(http.MethodGet, "busy", "校内系统：读取本平台的占用", "When an instrument is taken here: bookings and downtime, never by whom."), s.apiOurs)
	web.API(g, op(http.MethodGet, "reservations/{key}", "校内系统：查询一个预留", "Whether a reservation that we asked for is still wanted: used, wanted, or released."), s.apiClaim)
	web.API(g, op(http.MethodPost, "usage", "校内系统：上报机时", "Finished records, 500 at most, known by id and version. Machine hours without people: inside or outside users only."), s.apiUsage)
	desk := func(method, path, action, summary string) web.Op {
		return web.Op{Method: method, Path: "/api/v1/campus-connections" + path, Action: action, Tag: "campus", Summary: summary, Private: true}
	}
	web.API(g, desk(http.MethodGet, "", "campus.desk", "列出本单位的校内系统连接"), s.apiLinks)
	made := desk(http.MethodPost, "", "campus.manage", "新建校内系统连接")
	made.Status, made.Description = http.StatusCreated, "The secret is in this answer and never shown again."
	made.Example = map[string]any{"name": "设备处预约系统", "kind": "api", "direction": "in", "judge": "here", "silent": "refuse", "poll": 0} //i18n:data an example
	web.API(g, made, s.apiConnect)
	web.API(g, desk(http.MethodPost, "/{id}/instruments", "campus.manage", "对应一台仪器"), s.apiJoin)
}

type answerBody struct {
	ID     string `json:"id"`
	Result string `json:"result" enum:"taken,unchanged,stale,clash,own,refused"`
	Code   string `json:"code,omitempty"`
	Text   string `json:"text,omitempty"`
}

type answersOut struct {
	Body struct {
		Items []answerBody `json:"items"`
	}
}

func answersBody(ctx context.Context, list []Answer) *answersOut {
	out := &answersOut{}
	out.Body.Items = []answerBody{}
	for _, a := range list {
		b := answerBody{ID: a.ID, Result: a.Result}
		if a.Why != nil {
			b.Code, b.Text = a.Why.Code, i18n.T(ctx, a.Why.Text, a.Why.Args...)
		}
		out.Body.Items = append(out.Body.Items, b)
	}
	return out
}

type pushIn struct {
	Signed
	RawBody []byte
	Body    struct {
		Items []recordBody `json:"items"`
	}
}

func (s *Service) apiPush(ctx context.Context, in *pushIn) (*answersOut, error) {
	l, err := s.known(ctx, in.call(in.RawBody))
	if err != nil {
		return nil, err
	}
	var list []Record
	for _, b := range in.Body.Items {
		list = append(list, b.record(""))
	}
	answers, err := s.Push(ctx, l, list)
	if err != nil {
		return nil, err
	}
	return answersBody(ctx, answers), nil
}

type replaceIn struct {
	Signed
	RawBody []byte
	Body    listBody
}

func (s *Service) apiReplace(ctx context.Context, in *replaceIn) (*answersOut, error) {
	l, err := s.known(ctx, in.call(in.RawBody))
	if err != nil {
		return nil, err
	}
	answers, err := s.Replace(ctx, l, in.Body.list(in.Body.Instrument))
	if err != nil {
		return nil, err
	}
	return answersBody(ctx, answers), nil
}

type oursIn struct {
	Signed
	Instrument string    `query:"instrument" doc:"Your id of the instrument"`
	From       time.Time `query:"from"`
	To         time.Time `query:"to"`
}

type oursOut struct {
	Body listBody
}

func (s *Service) apiOurs(ctx context.Context, in *oursIn) (*oursOut, error) {
	l, err := s.known(ctx, in.call(nil))
	if err != nil {
		return nil, err
	}
	if l.Direction == In {
		return nil, fault.New(fault.Forbidden, "campus-direction", "这个连接不接收对方的占用：请在连接设置里改为“双向”。")
	}
	m, ok, err := mapOf(ctx, s.DB, l.ID, in.Instrument)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, unknownInstrument(in.Instrument)
	}
	if !in.From.Before(in.To) || in.To.Sub(in.From) > 400*24*time.Hour {
		return nil, fault.New(fault.Invalid, "campus-range", "请给出起止时间，先后有序，最长 {0} 天，版本号不小于 0。", 400)
	}
	out := &oursOut{Body: listBody{Instrument: m.Theirs, Version: s.Clock.Now().UnixMilli(), From: in.From, To: in.To, Items: []recordBody{}}}
	out.Body.Items, err = s.ourTimes(ctx, s.DB, m, in.From, in.To)
	return out, err
}

// ourTimes are the bookings and closures of an instrument here.
func (s *Service) ourTimes(ctx context.Context, q db.Q, m Map, from, to time.Time) ([]recordBody, error) {
	out := []recordBody{}
	taken, err := s.Calendars.Taken(ctx, q, []string{m.Resource}, from, to)
	if err != nil {
		return nil, err
	}
	for _, b := range taken {
		if b.Kind == booking.HeldElsewhere {
			continue
		}
		key, err := held(ctx, q, b.Holder)
		if err != nil {
			return nil, err
		}
		out = append(out, recordBody{ID: b.Holder, Start: b.Start.UTC(), End: b.End.UTC(), State: "busy", Key: key})
	}
	closures, err := s.Calendars.Closures(ctx, q, m.Resource)
	for _, c := range closures {
		if c.Start.Before(to) && from.Before(c.End.Time) {
			out = append(out, recordBody{ID: c.ID, Start: c.Start.UTC(), End: c.End.UTC(), State: "busy", Note: c.State})
		}
	}
	return out, err
}

type claimIn struct {
	Signed
	Key string `path:"key"`
}

type claimOut struct {
	Body struct {
		Key   string    `json:"key"`
		State string    `json:"state" enum:"used,wanted,released" doc:"used: a booking has it; wanted: it is being asked for; released: free the time"`
		Start time.Time `json:"start"`
		End   time.Time `json:"end"`
	}
}

func (s *Service) apiClaim(ctx context.Context, in *claimIn) (*claimOut, error) {
	l, err := s.known(ctx, in.call(nil))
	if err != nil {
		return nil, err
	}
	c, ok, err := getClaim(ctx, s.DB, in.Key)
	if err != nil {
		return nil, err
	}
	if !ok || c.Link != l.ID {
		return nil, fault.New(fault.NotFound, "no-claim", "没有发出过这个预留，可以释放这段时间。")
	}
	out := &claimOut{}
	out.Body.Key, out.Body.Start, out.Body.End = c.Key, c.Start.UTC(), c.End.UTC()
	switch c.State {
	case ClaimUsed, ClaimOwed:
		out.Body.State = "used"
	case ClaimAsking, ClaimFirm, ClaimLater:
		out.Body.State = "wanted"
	default:
		out.Body.State = "released"
	}
	return out, nil
}

type usageIn struct {
	Signed
	RawBody []byte
	Body    struct {
		Items []usageBody `json:"items"`
	}
}

type usageBody struct {
	ID         string    `json:"id"`
	Version    int64     `json:"version"`
	Instrument string    `json:"instrument"`
	Start      time.Time `json:"start"`
	End        time.Time `json:"end"`
	Minutes    int64     `json:"minutes,omitempty" doc:"Without idle running; the whole time when missing"`
	Inner      bool      `json:"inner,omitempty" doc:"Used by the provider's own people"`
	Key        string    `json:"key,omitempty" doc:"Where it was a booking made here: the key that it was told with"`
	State      string    `json:"state,omitempty" enum:"finished,withdrawn" doc:"finished when missing"`
}

func (s *Service) apiUsage(ctx context.Context, in *usageIn) (*answersOut, error) {
	l, err := s.known(ctx, in.call(in.RawBody))
	if err != nil {
		return nil, err
	}
	var list []Usage
	for _, b := range in.Body.Items {
		list = append(list, Usage{Theirs: b.ID, Version: b.Version, Instrument: b.Instrument, Start: db.At(b.Start), Stop: db.At(b.End), Minutes: b.Minutes, Inner: b.Inner, Key: b.Key, Withdrawn: b.State == "withdrawn"})
	}
	answers, err := s.TakeUsage(ctx, l, list)
	if err != nil {
		return nil, err
	}
	return answersBody(ctx, answers), nil
}

type linkBody struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Kind      string `json:"kind" enum:"api,ics"`
	Address   string `json:"address,omitempty"`
	Direction string `json:"direction" enum:"both,in,out"`
	Judge     string `json:"judge" enum:"there,here" doc:"Whose calendar decides between rivals"`
	Silent    string `json:"silent" enum:"refuse,book" doc:"What happens to a booking when the other system does not answer"`
	Poll      int64  `json:"poll" doc:"Seconds between two fetches; 0: never"`
	State     string `json:"state"`
	Failure   string `json:"failure,omitempty"`
	Secret    string `json:"secret,omitempty" doc:"Only in the answer that makes it"`
}

func bodyOf(l Link) linkBody {
	return linkBody{ID: l.ID, Name: l.Name, Kind: l.Kind, Address: l.Address, Direction: l.Direction, Judge: l.Judge, Silent: l.Silent, Poll: l.Poll, State: l.State, Failure: l.Failure}
}

type linksOut struct {
	Body struct {
		Items []linkBody `json:"items"`
	}
}

func (s *Service) apiLinks(ctx context.Context, _ *struct{}) (*linksOut, error) {
	list, err := s.Connections(ctx, identity.SubjectOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &linksOut{}
	out.Body.Items = []linkBody{}
	for _, l := range list {
		out.Body.Items = append(out.Body.Items, bodyOf(l))
	}
	return out, nil
}

type connectIn struct {
	Body struct {
		Name      string `json:"name"`
		Kind      string `json:"kind" enum:"api,ics"`
		Address   string `json:"address,omitempty"`
		Direction string `json:"direction,omitempty" doc:"both when missing"`
		Judge     string `json:"judge,omitempty" doc:"here when missing"`
		Silent    string `json:"silent,omitempty" doc:"refuse when missing"`
		Poll      int64  `json:"poll,omitempty"`
	}
}

type linkOut struct{ Body linkBody }

func (s *Service) apiConnect(ctx context.Context, in *connectIn) (*linkOut, error) {
	b := in.Body
	or := func(v, missing string) string {
		if v == "" {
			return missing
		}
		return v
	}
	req := Request{Name: b.Name, Kind: b.Kind, Address: b.Address, Direction: or(b.Direction, Both), Judge: or(b.Judge, Here), Silent: or(b.Silent, SilentRefuse), Poll: b.Poll}
	l, secret, err := s.Connect(ctx, identity.SubjectOf(ctx), req, web.RequestKey(ctx))
	if err != nil {
		return nil, err
	}
	out := &linkOut{Body: bodyOf(l)}
	out.Body.Secret = secret
	return out, nil
}

type joinIn struct {
	ID   string `path:"id"`
	Body struct {
		Resource string `json:"resource" doc:"Id of an own instrument"`
		Theirs   string `json:"theirs" doc:"What it is called there; for a calendar file its address"`
	}
}

func (s *Service) apiJoin(ctx context.Context, in *joinIn) (*struct{}, error) {
	return nil, s.Join(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Resource, in.Body.Theirs)
}
