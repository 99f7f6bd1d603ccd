package observe

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"qiao/internal/identity"
	"qiao/internal/observe/relay"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// blank is what the form of a new plan begins with.
func (s *Service) blank() map[string]string {
	r := s.rule()
	return map[string]string{"at": "10:00", "minutes": strconv.FormatInt(r.Minutes, 10), "early": strconv.FormatInt(r.Early, 10), "late": strconv.FormatInt(r.Late, 10), "working": "1"}
}

// roomView is one session.
type roomView struct {
	Room
	By     identity.Subject
	Now    time.Time
	People map[string]string
	Orgs   map[string]identity.Organisation
	May    map[string]bool
	Note   *form.Form
	Call   *form.Form // calling it off
	Link   string     // of the meeting, told after it was asked for
	Speak  bool       // they have said that they want to speak
	Live   relay.Now
}

func (s *Service) roomView(ctx context.Context, by identity.Subject, sessionID string) (roomView, error) {
	v := roomView{By: by, Now: s.Clock.Now(), May: map[string]bool{}, Note: form.Of(nil), Call: form.Of(nil)}
	var err error
	if v.Room, err = s.Enter(ctx, by, sessionID); err != nil {
		return v, err
	}
	x := v.Session
	v.Live = s.Live.Now(x.ID)
	guest, err := s.guest(ctx, s.DB, by, x.Plan)
	if err != nil {
		return v, err
	}
	for _, action := range []string{"observe.note", "observe.cancel", "observe.guide", "observe.publish", "observe.talk", "observe.record"} {
		v.May[action] = s.Policy.Can(by, action, x.object(guest)) == nil
	}
	var people []string
	orgs := []string{x.Buyer, x.Provider}
	for _, n := range v.Notes {
		people = append(people, n.Person)
	}
	for _, visit := range v.Visits {
		people, orgs = append(people, visit.Person), append(orgs, visit.Org)
	}
	for _, c := range v.Words {
		people = append(people, c.Person)
	}
	people = append(people, v.Barred...)
	slices.Sort(people)
	slices.Sort(orgs)
	if v.People, err = s.People.Names(ctx, s.DB, slices.Compact(people)); err != nil {
		return v, err
	}
	v.Orgs, err = s.People.Organisations(ctx, s.DB, slices.DeleteFunc(slices.Compact(orgs), func(id string) bool { return id == "" }))
	return v, err
}

func (s *Service) showRoom(w http.ResponseWriter, r *http.Request) error {
	return s.roomPage(w, r, nil)
}

func (s *Service) roomPage(w http.ResponseWriter, r *http.Request, set func(*roomView)) error {
	v, err := s.roomView(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	status := http.StatusOK
	if set != nil {
		set(&v)
		status = max(v.Note.Status(), v.Call.Status())
	}
	if v.Speak = r.URL.Query().Get("talk") == "1" && v.State == Open && v.Session.Talk && v.May["observe.talk"]; v.Speak {
		allow(w, "camera=(), microphone=(self)")
	}
	return web.Page(w, r, status, roomPage(v))
}

func (s *Service) showPicture(w http.ResponseWriter, r *http.Request) error {
	n, body, err := s.Picture(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), r.PathValue("document"))
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // only read
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+n.Picture+`"`)
	http.ServeContent(w, r, "", n.At.Time, body)
	return nil
}

func (s *Service) submitNote(w http.ResponseWriter, r *http.Request) error {
	f := form.ReadUpload(r, maxPicture)
	var picture io.Reader
	if file := f.File("picture"); file != nil {
		body, err := file.Open()
		if err != nil {
			return err
		}
		defer func() { _ = body.Close() }() // only read
		picture = body
	}
	show := func(v *roomView) { v.Note = f }
	if !f.OK() {
		return s.roomPage(w, r, show)
	}
	_, err := s.Write(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), f.Text("text"), picture, web.RequestKey(r.Context()))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/observe/"+r.PathValue("id")+"#notes", "已记下，双方都看得到。")
	case f.Fail(err):
		return s.roomPage(w, r, show)
	}
	return err
}

func (s *Service) submitMeeting(w http.ResponseWriter, r *http.Request) error {
	link, err := s.Meeting(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.roomPage(w, r, func(v *roomView) { v.Link = link })
}

func (s *Service) submitCancel(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	err := s.Cancel(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), f.Text("reason"))
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/desk/observe/"+r.PathValue("id"), "这一场已取消，已通知对方。")
	case f.Fail(err):
		return s.roomPage(w, r, func(v *roomView) { v.Call = f })
	}
	return err
}

func (s *Service) submitClose(w http.ResponseWriter, r *http.Request) error {
	if err := s.Finish(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/observe/"+r.PathValue("id"), "这一场已结束，所有人都已断开。")
}
