package campus

import (
	"context"
	"net/http"
	"strconv"

	"qiao/internal/booking"
	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	return []web.Route{
		desk("GET /desk/campus", "campus.desk", s.showList),
		desk("GET /desk/campus/new", "campus.manage", s.showNew),
		desk("POST /desk/campus", "campus.manage", s.submitNew),
		desk("GET /desk/campus/{id}", "campus.desk", s.showOne),
		desk("POST /desk/campus/{id}", "campus.manage", s.submitChange),
		desk("POST /desk/campus/{id}/secret", "campus.manage", s.submitSecret),
		desk("POST /desk/campus/{id}/test", "campus.manage", s.submitTest),
		desk("POST /desk/campus/{id}/state", "campus.manage", s.submitState),
		desk("POST /desk/campus/{id}/instruments", "campus.manage", s.submitJoin),
		desk("POST /desk/campus/{id}/part", "campus.manage", s.submitPart),
		desk("POST /desk/campus/{id}/deliveries", "campus.manage", s.submitAgain),
	}
}

// row is a connection in the list.
type row struct {
	Link
	Instruments int
}

type listView struct {
	Rows []row
	May  bool
}

func (s *Service) showList(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	list, err := s.Connections(ctx, by)
	if err != nil {
		return err
	}
	v := listView{May: s.Policy.Can(by, "campus.manage", own(by)) == nil}
	for _, l := range list {
		maps, err := listMaps(ctx, s.DB, l.ID)
		if err != nil {
			return err
		}
		v.Rows = append(v.Rows, row{l, len(maps)})
	}
	return web.Page(w, r, http.StatusOK, listPage(v))
}

func (s *Service) showNew(w http.ResponseWriter, r *http.Request) error {
	f := form.Of(map[string]string{"kind": KindAPI, "direction": Both, "judge": Here, "silent": SilentRefuse, "poll": strconv.Itoa(usualPoll)})
	return web.Page(w, r, http.StatusOK, newPage(f))
}

func requestOf(f *form.Form) Request {
	return Request{Name: f.Text("name"), Kind: f.Text("kind"), Address: f.Text("address"), Direction: f.Text("direction"), Judge: f.Text("judge"), Silent: f.Text("silent"), Poll: f.Int("poll")}
}

func (s *Service) submitNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	req := requestOf(f)
	if f.OK() {
		l, secret, err := s.Connect(ctx, identity.SubjectOf(ctx), req, web.RequestKey(ctx))
		switch {
		case err == nil && secret == "":
			return web.SeeOther(w, r, "/desk/campus/"+l.ID, "连接已建立，请对应仪器。")
		case err == nil: // the page itself: the secret is shown once and stands in no history
			return s.onePage(w, r, l.ID, secret, nil, nil, nil)
		case !f.Fail(err):
			return err
		}
	}
	return web.Page(w, r, f.Status(), newPage(f))
}

// oneView is a connection with all that belongs to it.
type oneView struct {
	Link       Link
	Secret     string // just made, shown this once
	Maps       []Map
	Free       []catalogue.Resource // own instruments that are not connected
	Clashes    []Busy
	Owed       []Claim // booked while they were silent, not confirmed there
	Deliveries []Delivery
	Hours      []Hours
	Trial      *Trial
	Settings   *form.Form
	Join       *form.Form
	May        bool
	Address    string
}

func (s *Service) showOne(w http.ResponseWriter, r *http.Request) error {
	return s.onePage(w, r, r.PathValue("id"), "", nil, nil, nil)
}

// onePage shows a connection; settings and join are forms that came back with mistakes, or nil.
func (s *Service) onePage(w http.ResponseWriter, r *http.Request, link, secret string, trial *Trial, settings, join *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	l, err := s.mine(ctx, by, link, "campus.desk")
	if err != nil {
		return err
	}
	v := oneView{Link: l, Secret: secret, Trial: trial, Settings: settings, Join: join, May: s.Policy.Can(by, "campus.manage", l.object()) == nil && l.State != Ended, Address: s.Address}
	if v.Settings == nil {
		v.Settings = form.Of(map[string]string{"name": l.Name, "address": l.Address, "direction": l.Direction, "judge": l.Judge, "silent": l.Silent, "poll": strconv.FormatInt(l.Poll, 10)})
	}
	if v.Join == nil {
		v.Join = form.Of(nil)
	}
	if err := s.fill(ctx, by, &v); err != nil {
		return err
	}
	status := settings.Status()
	if join != nil {
		status = join.Status()
	}
	if secret != "" {
		w.Header().Set("Cache-Control", "no-store")
	}
	return web.Page(w, r, status, onePage(v))
}

// fill reads what belongs to a connection.
func (s *Service) fill(ctx context.Context, by identity.Subject, v *oneView) error {
	var err error
	if v.Maps, err = listMaps(ctx, s.DB, v.Link.ID); err != nil {
		return err
	}
	owned, err := s.Catalogue.Owned(ctx, s.DB, by.Org)
	if err != nil {
		return err
	}
	for _, r := range owned {
		_, there, err := mapOfResource(ctx, s.DB, r.ID)
		if err != nil {
			return err
		}
		if r.Bookable && !there {
			v.Free = append(v.Free, r)
		}
	}
	var w db.Where
	w.And("link = ?", v.Link.ID)
	w.And("state = ?", Clash)
	w.And("end_at > ?", db.Stamp(s.Clock.Now()))
	if v.Clashes, err = listBusy(ctx, s.DB, &w); err != nil {
		return err
	}
	if v.Owed, err = openClaims(ctx, s.DB, v.Link.ID); err != nil {
		return err
	}
	if v.Deliveries, err = deliveries(ctx, s.DB, v.Link.ID, 30); err != nil {
		return err
	}
	from, to := monthOf(s.Clock.Now())
	v.Hours, err = s.HoursOf(ctx, s.DB, v.Link.ID, from, to)
	return err
}

func (s *Service) submitChange(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	req := requestOf(f)
	if f.OK() {
		err := s.Change(ctx, identity.SubjectOf(ctx), r.PathValue("id"), req)
		if err == nil {
			return web.SeeOther(w, r, "/desk/campus/"+r.PathValue("id"), "设置已保存。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.onePage(w, r, r.PathValue("id"), "", nil, f, nil)
}

func (s *Service) submitSecret(w http.ResponseWriter, r *http.Request) error {
	secret, err := s.Renew(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.onePage(w, r, r.PathValue("id"), secret, nil, nil, nil)
}

func (s *Service) submitTest(w http.ResponseWriter, r *http.Request) error {
	trial, err := s.Try(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.onePage(w, r, r.PathValue("id"), "", &trial, nil, nil)
}

func (s *Service) submitState(w http.ResponseWriter, r *http.Request) error {
	verb := form.Read(r).Text("do")
	if err := s.Do(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), verb); err != nil {
		return err
	}
	to := "/desk/campus/" + r.PathValue("id")
	switch verb {
	case VerbPause:
		return web.SeeOther(w, r, to, "连接已暂停：对方的新占用暂不接收，本平台的预约也暂不告诉对方。")
	case VerbEnd:
		return web.SeeOther(w, r, "/desk/campus", "连接已停用，对方的占用已从日历里撤出。")
	case VerbWithdraw:
		return web.SeeOther(w, r, to, "对方报来的占用已全部从日历里撤出。")
	case VerbTell:
		return web.SeeOther(w, r, to, "本平台的全部预约将重新告诉对方。")
	}
	return web.SeeOther(w, r, to, "连接已恢复。")
}

func (s *Service) submitJoin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	err := s.Join(ctx, identity.SubjectOf(ctx), r.PathValue("id"), f.Text("resource"), f.Text("theirs"))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/campus/"+r.PathValue("id"), "仪器已对应。")
	case f.Fail(err):
		return s.onePage(w, r, r.PathValue("id"), "", nil, nil, f)
	}
	return err
}

func (s *Service) submitPart(w http.ResponseWriter, r *http.Request) error {
	if err := s.Part(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), form.Read(r).Text("resource")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/campus/"+r.PathValue("id"), "已解除对应，对方的占用已从这台仪器的日历里撤出。")
}

func (s *Service) submitAgain(w http.ResponseWriter, r *http.Request) error {
	if err := s.Again(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), form.Read(r).Text("delivery")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/campus/"+r.PathValue("id"), "马上重试。")
}

// Holders says, for the calendars, that times are taken in another system.
func (s *Service) Holders(ctx context.Context, q db.Q, holders []string) (map[string]booking.Holder, error) {
	var w db.Where
	w.In("holder", holders)
	list, err := listBusy(ctx, q, &w)
	if err != nil {
		return nil, err
	}
	out := map[string]booking.Holder{}
	for _, b := range list {
		out[b.Holder] = booking.Holder{Label: t(ctx, "校内占用"), Name: t(ctx, "校内占用"), Link: "/desk/campus/" + b.Link, Tone: ui.Away}
	}
	return out, nil
}

// Tasks is what waits for the people of a provider: connections that do not work, and times that are taken twice.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if s.Policy.Can(by, "campus.manage", own(by)) != nil {
		return nil, nil
	}
	list, err := s.Connections(ctx, by)
	if err != nil {
		return nil, err
	}
	var out []ui.Task
	for _, l := range list {
		if l.State != Active {
			continue
		}
		if l.Failure != "" && s.Clock.Now().Sub(l.Failed.Time) > failing {
			out = append(out, ui.Task{Title: t(ctx, "检查校内系统连接“{0}”", l.Name), Note: failureWord(ctx, l.Failure), Link: "/desk/campus/" + l.ID, Icon: "plug", Since: l.Failed.Time})
		}
		n, since, err := countClashes(ctx, s.DB, l.ID, s.Clock.Now())
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, ui.Task{Title: t(ctx, "处理校内占用与预约的冲突"), Note: l.Name, Link: "/desk/campus/" + l.ID + "#clashes", Icon: "alert-triangle", Count: n, Since: since})
		}
	}
	return out, nil
}
