package app

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"qiao/internal/exchange"
	"qiao/internal/platform/config"
)

// The demo sends nothing outside the machine, and to the machine itself only where the settings allow it.
func TestTheDemoStaysOnTheMachine(t *testing.T) {
	here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer here.Close()
	byName := strings.Replace(here.URL, "127.0.0.1", "localhost", 1)
	for _, c := range []struct {
		address string
		private bool
		goes    bool
	}{
		{here.URL, true, true}, {here.URL, false, false}, {byName, true, false}, {"http://192.0.2.1/oai", true, false}, {"https://example.org/oai", true, false}, {"http://10.0.0.1/", true, false},
	} {
		a := &App{cfg: config.Config{Demo: true, Private: c.private}}
		res, err := a.courierClient().Get(c.address)
		if err == nil {
			_ = res.Body.Close()
		}
		if went := err == nil; went != c.goes || !went && !errors.Is(err, exchange.ErrOffline) {
			t.Errorf("%s, private %v: %v", c.address, c.private, err)
		}
	}
}
