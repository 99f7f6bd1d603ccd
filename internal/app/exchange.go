package app

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"qiao/internal/platform/channel"
)

// courierClient is how other systems are fetched from: public addresses only, unless the settings allow more; from the
// demo, nothing at all.
func (a *App) courierClient() *http.Client {
	if a.cfg.Demo {
		return &http.Client{Transport: nowhere{}}
	}
	return channel.Outbound{Timeout: time.Minute, AllowPrivate: a.cfg.Private}.Client()
}

var errDemo = errors.New("the demo sends nothing outside")

// nowhere is a network that leads nowhere.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) { return nil, errDemo }

// operatorMail is the address told to those who harvest us.
func (a *App) operatorMail() string {
	if a.cfg.MailFrom != "" {
		return a.cfg.MailFrom
	}
	u, err := url.Parse(a.cfg.Public)
	if err != nil || u.Hostname() == "" {
		return "operator@localhost"
	}
	return "operator@" + u.Hostname()
}

// frontPages are the portal's own pages, for the sitemap.
func (a *App) frontPages() []string {
	var out []string
	for _, p := range portalPlaces() {
		out = append(out, p.href)
	}
	return out
}
