package app

import (
	"context"
	"net/http"
	"net/mail"
	"net/netip"
	"net/url"
	"time"

	"qiao/internal/exchange"
	"qiao/internal/platform/channel"
	"qiao/internal/platform/db"
)

// courierClient is how other systems are fetched from: public addresses only, unless the settings allow more. The demo
// sends nothing outside the machine: it reaches the machine itself where the settings allow that, and nothing else.
func (a *App) courierClient() *http.Client {
	if !a.cfg.Demo {
		return channel.Outbound{Timeout: time.Minute, AllowPrivate: a.cfg.Private}.Client()
	}
	home := channel.Outbound{Timeout: time.Minute, AllowPrivate: true}.Client()
	return &http.Client{Transport: homebound{open: a.cfg.Private, next: home.Transport}, Timeout: home.Timeout, CheckRedirect: home.CheckRedirect}
}

// homebound is a network that ends at the machine's own addresses, or leads nowhere.
type homebound struct {
	open bool
	next http.RoundTripper
}

// RoundTrip takes literal addresses of the machine only: a name could lead anywhere.
func (h homebound) RoundTrip(r *http.Request) (*http.Response, error) {
	at, err := netip.ParseAddr(r.URL.Hostname())
	if !h.open || err != nil || !at.IsLoopback() {
		return nil, exchange.ErrOffline
	}
	return h.next.RoundTrip(r)
}

// operatorMail is the address told to those who harvest us, and the organizer of invitations.
func (a *App) operatorMail() string {
	if from, err := mail.ParseAddress(a.cfg.MailFrom); err == nil {
		return from.Address
	}
	u, err := url.Parse(a.cfg.Public)
	if err != nil || u.Hostname() == "" {
		return "operator@localhost"
	}
	return "operator@" + u.Hostname()
}

// leavingTables are the tables of other modules that an operator takes along.
func (a *App) leavingTables() []exchange.Table {
	return []exchange.Table{{Name: "programmes.jsonl", Each: func(ctx context.Context, q db.Q, put func(any) error) error {
		list, err := a.voucher.Programmes(ctx, q)
		for _, p := range list {
			if err == nil {
				err = put(map[string]any{
					"id": p.ID, "authority": p.Authority, "region": p.Region, "name_zh": p.NameZH, "name_en": p.NameEN, "summary_zh": p.SummaryZH, "summary_en": p.SummaryEN,
					"opens_on": p.OpensOn, "closes_on": p.ClosesOn, "terms": p.Terms, "sample": p.Sample,
				})
			}
		}
		return err
	}}}
}

// frontPages are the portal's own pages, for the sitemap.
func (a *App) frontPages() []string {
	var out []string
	for _, p := range portalPlaces() {
		out = append(out, p.href)
	}
	return out
}
