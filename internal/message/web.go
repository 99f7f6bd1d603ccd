package message

import (
	"net/http"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// perPage is how many messages a page shows.
const perPage = 20

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /desk/messages", Action: "message.view", Private: true, Handle: s.showInbox},
		{Pattern: "POST /desk/messages/read-all", Action: "message.view", Private: true, Handle: s.submitReadAll},
		{Pattern: "POST /desk/messages/{id}/read", Action: "message.view", Private: true, Handle: s.submitRead},
		{Pattern: "GET " + settingsPath, Action: "message.view", Private: true, Handle: s.showSettings},
		{Pattern: "POST " + settingsPath, Action: "message.view", Private: true, Handle: s.submitSettings},
		{Pattern: "GET /desk/outgoing", Action: "message.outgoing", Private: true, Handle: s.showOutgoing},
		{Pattern: "POST /desk/outgoing/{id}/retry", Action: "message.retry", Private: true, Handle: s.submitRetry},
	}
}

func (s *Service) showInbox(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	by := identity.SubjectOf(ctx)
	v := inboxView{Unread: q.Get("show") == "unread", Later: q.Get("cursor") != "", Drawn: s.clock.Now()}
	var err error
	if v.Items, v.Next, err = s.Inbox(ctx, by, v.Unread, q.Get("cursor"), perPage); err != nil {
		return err
	}
	if v.Count, err = s.Unread(ctx, by.Person); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, inboxPage(v))
}

// submitRead marks a message as read and goes where it leads.
func (s *Service) submitRead(w http.ResponseWriter, r *http.Request) error {
	item, err := s.Read(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	if item.Link == "" || form.Read(r).Text("stay") != "" {
		return web.SeeOther(w, r, "/desk/messages", "")
	}
	return web.SeeOther(w, r, item.Link, "")
}

func (s *Service) submitReadAll(w http.ResponseWriter, r *http.Request) error {
	upTo, err := time.Parse(time.RFC3339Nano, form.Read(r).Text("drawn"))
	if err != nil {
		return fault.New(fault.BadRequest, "drawn", "页面已过期，请刷新后再标记。").Because(err)
	}
	n, err := s.ReadAll(r.Context(), identity.SubjectOf(r.Context()), upTo)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/messages", "已将 {0} 条消息标为已读。", n)
}

func (s *Service) showSettings(w http.ResponseWriter, r *http.Request) error {
	choices, err := s.Settings(r.Context(), identity.SubjectOf(r.Context()))
	if err != nil {
		return err
	}
	values := map[string]string{}
	for _, c := range choices {
		values["address-"+c.Channel] = c.Address
		if c.Enabled {
			values["on-"+c.Channel] = "1"
		}
	}
	return web.Page(w, r, http.StatusOK, settingsPage(form.Of(values), s.kinds()))
}

func (s *Service) submitSettings(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	var choices []Preference
	for _, kind := range s.kinds() {
		choices = append(choices, Preference{Channel: kind, Enabled: f.Bool("on-" + kind), Address: f.Text("address-" + kind)})
	}
	err := s.Choose(r.Context(), identity.SubjectOf(r.Context()), choices)
	if err == nil {
		return web.SeeOther(w, r, settingsPath, "消息设置已保存。")
	}
	if !f.Fail(err) {
		return err
	}
	return web.Page(w, r, f.Status(), settingsPage(f, s.kinds()))
}

func (s *Service) showOutgoing(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	v := outgoingView{State: q.Get("state"), Later: q.Get("cursor") != "", Simulated: s.simulated()}
	if v.State != Due && v.State != Sent && v.State != Parked {
		v.State = ""
	}
	v.MayRetry = s.deps.Policy.May(identity.SubjectOf(ctx), "message.retry") == nil
	var err error
	if v.Rows, v.Next, err = s.Outgoing(ctx, v.State, q.Get("cursor"), perPage); err != nil {
		return err
	}
	if v.Counts, err = s.counts(ctx); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, outgoingPage(v))
}

func (s *Service) submitRetry(w http.ResponseWriter, r *http.Request) error {
	if err := s.Retry(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/outgoing", "已重新排队，几秒内再次发送。")
}
