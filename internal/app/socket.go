package app

import (
	"fmt"
	"net/http"
	"strconv"

	"qiao/internal/catalogue/importing"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/i18n"
)

// commands answers the program's other commands, over the socket of the data folder or in the same process.
func (a *App) commands() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, fn func(w http.ResponseWriter, r *http.Request) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			ctx := audit.WithActor(i18n.With(r.Context(), i18n.ZH, a.catalog), audit.System("cli:"+r.URL.Path))
			if err := fn(w, r.WithContext(ctx)); err != nil {
				http.Error(w, sentence(err), http.StatusUnprocessableEntity)
			}
		})
	}
	handle("POST /verify", a.commandVerify)
	handle("POST /setup", a.commandSetup)
	handle("POST /token", a.commandToken)
	handle("POST /import", a.commandImport)
	handle("GET /export", a.commandExport)
	handle("POST /seed", a.commandSeed)
	return mux
}

func (a *App) commandVerify(w http.ResponseWriter, r *http.Request) error {
	found, err := a.Verify(r.Context())
	if err != nil {
		return err
	}
	return writeFindings(w, found)
}

// tokenDays is how long a token made on the command line lives.
const tokenDays = 30

func (a *App) commandToken(w http.ResponseWriter, r *http.Request) error {
	subject, err := a.identity.As(r.Context(), r.URL.Query().Get("login"))
	if err != nil {
		return err
	}
	secret, _, err := a.identity.IssueToken(r.Context(), subject, "qiao token", tokenDays)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, secret)
	return err
}

func (a *App) commandImport(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	report, err := a.importing.ImportTrusted(r.Context(), importing.Request{Org: q.Get("org"), Format: q.Get("format"), Name: q.Get("name"), Mapping: q.Get("mapping"), Reader: r.Body, DryRun: q.Get("dry") != ""})
	if err != nil {
		return err
	}
	if report.Rejected > 0 {
		w.Header().Set("X-Findings", "1")
	}
	return writeReport(r.Context(), w, report)
}

func (a *App) commandExport(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	switch q.Get("format") {
	case "all":
		return a.exchange.Leave(r.Context(), w)
	case "ledger":
		return a.voucher.ExportLedger(r.Context(), w)
	}
	return a.exchange.ExportAll(r.Context(), w, q.Get("format"), q.Get("kind"))
}

func (a *App) commandSeed(w http.ResponseWriter, r *http.Request) error {
	seed, err := strconv.ParseInt(r.URL.Query().Get("seed"), 10, 64)
	if err != nil {
		return fmt.Errorf("read the seed: %w", err)
	}
	return a.seed(r.Context(), w, r.URL.Query().Get("scale"), seed)
}
