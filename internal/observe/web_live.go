package observe

import (
	"io"
	"mime"
	"net/http"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/web"
)

// liveRoutes are the addresses of the live picture: WHIP to send it, WHEP to watch it (an SDP offer in, the answer out, the
// connection's own address to end it), what is recorded by agreement, and what changes in the room meanwhile.
func (s *Service) liveRoutes() []web.Route {
	call := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true, API: true}
	}
	desk := func(pattern, action string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h, Private: true}
	}
	return []web.Route{
		call("POST /desk/observe/{id}/whip", "observe.publish", s.negotiate(PartPublish)),
		call("POST /desk/observe/{id}/whep", "observe.watch", s.negotiate(PartWatch)),
		call("POST /desk/observe/{id}/talk", "observe.talk", s.negotiate(PartTalk)),
		call("DELETE /desk/observe/{id}/connections/{document}", "observe.watch", s.hangUp),
		desk("GET /desk/observe/{id}/now", "observe.watch", s.showNow),
		desk("GET /desk/observe/{id}/camera", "observe.publish", s.showCamera),
		call("POST /desk/observe/{id}/tapes", "observe.publish", s.keepTape),
		desk("GET /desk/observe/{id}/tapes/{document}", "observe.tape", s.showTape),
		desk("POST /desk/observe/{id}/consent", "observe.record", s.submitConsent),
		desk("POST /desk/observe/{id}/permit", "observe.guide", s.submitPermit),
		desk("POST /desk/observe/{id}/bar", "observe.guide", s.submitBar),
	}
}

// maxOffer bounds what a browser says of its connection.
const maxOffer = 64 << 10

func (s *Service) negotiate(part string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/sdp" {
			return fault.New(fault.Unsupported, "observe-sdp", "这里只接受 application/sdp。")
		}
		offer, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxOffer))
		if err != nil {
			return err
		}
		conn, answer, err := s.Join(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), part, string(offer))
		if err != nil {
			return err
		}
		h := w.Header()
		h.Set("Content-Type", "application/sdp")
		h.Set("Cache-Control", "no-store")
		h.Set("Location", "/desk/observe/"+r.PathValue("id")+"/connections/"+conn)
		w.WriteHeader(http.StatusCreated)
		_, err = io.WriteString(w, answer)
		return err
	}
}

func (s *Service) hangUp(w http.ResponseWriter, r *http.Request) error {
	if err := s.Leave(identity.SubjectOf(r.Context()), r.PathValue("id"), r.PathValue("document")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Service) showNow(w http.ResponseWriter, r *http.Request) error {
	v, err := s.roomView(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, parts(v))
}

// allow tells the browser what a page may ask of the person; everywhere else it may ask for neither.
func allow(w http.ResponseWriter, devices string) {
	w.Header().Set("Permissions-Policy", devices+", geolocation=()")
}

func (s *Service) showCamera(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	v, err := s.roomView(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Policy.Can(by, "observe.publish", v.Session.object("")); err != nil {
		return err
	}
	if v.State != Open {
		return web.SeeOther(w, r, "/desk/observe/"+v.Session.ID, "")
	}
	allow(w, "camera=(self), microphone=(self)")
	return web.Page(w, r, http.StatusOK, cameraPage(v))
}

func (s *Service) submitPermit(w http.ResponseWriter, r *http.Request) error {
	talk := form.Read(r).Bool("talk")
	if err := s.Permit(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), talk); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/observe/"+r.PathValue("id"), "")
}

func (s *Service) submitBar(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	if err := s.Bar(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), f.Text("person"), f.Bool("out")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/observe/"+r.PathValue("id"), "")
}

func (s *Service) submitConsent(w http.ResponseWriter, r *http.Request) error {
	agreed := form.Read(r).Bool("agreed")
	if err := s.Consent(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), agreed); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/observe/"+r.PathValue("id")+"#recording", "")
}

// keepTape takes a stretch of a recording as the browser wrote it; how long it is, in seconds, stands in the address.
func (s *Service) keepTape(w http.ResponseWriter, r *http.Request) error {
	seconds, err := strconv.ParseInt(r.URL.Query().Get("seconds"), 10, 64)
	if err != nil {
		seconds = 0 // refused with the others that are too short
	}
	t, err := s.Keep(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), seconds, r.Body)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/desk/observe/"+t.Session+"/tapes/"+t.ID)
	w.WriteHeader(http.StatusCreated)
	return nil
}

func (s *Service) showTape(w http.ResponseWriter, r *http.Request) error {
	t, body, err := s.Tape(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), r.PathValue("document"))
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // only read
	h := w.Header()
	h.Set("Content-Type", t.Type)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+t.SHA256+`"`)
	http.ServeContent(w, r, "", t.At.Time, body)
	return nil
}
