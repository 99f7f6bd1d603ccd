package agenda

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ical"
	"qiao/internal/platform/web"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

func name(ctx context.Context, zh, en string) string { return i18n.Pick(ctx, zh, en) }

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /desk/agenda", Action: "agenda.own", Private: true, Handle: s.show},
		{Pattern: "POST /desk/agenda/renew", Action: "agenda.own", Private: true, Handle: s.submitRenew},
		{Pattern: "POST /desk/agenda/end", Action: "agenda.own", Private: true, Handle: s.submitEnd},
		{Pattern: "GET /calendars/mine/{token}", Action: "agenda.read", Handle: s.serve},
	}
}

// API has no calls of its own: calendar programs read the address itself.
func (s *Service) API(*web.APIGroup) {}

// view is the page on which an address is made.
type view struct {
	Feed    Feed
	Address string // just made, shown this once
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	f, err := s.Mine(r.Context(), identity.SubjectOf(r.Context()))
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, agendaPage(view{Feed: f}))
}

// submitRenew answers with the page itself: the address is shown once and stands in no history.
func (s *Service) submitRenew(w http.ResponseWriter, r *http.Request) error {
	by := identity.SubjectOf(r.Context())
	address, err := s.Renew(r.Context(), by)
	if err != nil {
		return err
	}
	f, err := s.Mine(r.Context(), by)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r, http.StatusOK, agendaPage(view{Feed: f, Address: address}))
}

func (s *Service) submitEnd(w http.ResponseWriter, r *http.Request) error {
	if err := s.End(r.Context(), identity.SubjectOf(r.Context())); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/agenda", "日历地址已停用，订阅它的程序读不到新内容了。")
}

// serve is the calendar for programs; unchanged, it costs them nothing.
func (s *Service) serve(w http.ResponseWriter, r *http.Request) error {
	secret, isFeed := strings.CutSuffix(r.PathValue("token"), ".ics")
	if !isFeed {
		return fault.New(fault.NotFound, "no-feed", "日历地址以 .ics 结尾，请检查链接。")
	}
	c, err := s.Read(r.Context(), secret)
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	plain := ical.Write(c, time.Time{}) // without the instant of writing
	sum := sha256.Sum256([]byte(plain))
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	etag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h.Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, err = io.WriteString(w, ical.Write(c, now))
	return err
}
