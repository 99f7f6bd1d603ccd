// The demo region is large: it is looked at on the plain program.
//
//go:build !race

package app

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"qiao/internal/demo"
	"qiao/internal/identity"
	"qiao/internal/platform/config"
	"qiao/internal/platform/db"
	"qiao/internal/platform/web"
)

// openDemo is the whole program with the demo region, for one test alone.
func openDemo(t *testing.T) *App {
	t.Helper()
	a, err := Open(t.Context(), config.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Region: demo.Root, Demo: true, Private: true, Limits: 8 << 20}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// thing is an object of the demo as the permission table sees it.
type thing struct {
	id     string
	object identity.Object
}

// things reads up to four objects of a table whose columns name the parties.
func things(t *testing.T, a *App, table string, parties map[string]string, region string) []thing {
	t.Helper()
	cols := "id"
	var sides []string
	for side, col := range parties {
		sides = append(sides, side)
		cols += " || '|' || coalesce(" + col + ", '')"
	}
	rows, err := db.All[string](t.Context(), a.db, `SELECT `+cols+` || '|' || `+region+` FROM `+table+` ORDER BY id DESC LIMIT 4`)
	if err != nil {
		t.Fatal(err)
	}
	var out []thing
	for _, row := range rows {
		f := strings.Split(row, "|")
		o := thing{f[0], identity.Object{Parties: map[string]string{}, Region: f[len(f)-1]}}
		for i, side := range sides {
			o.object.Parties[side] = f[i+1]
		}
		out = append(out, o)
	}
	if len(out) == 0 {
		t.Fatalf("the demo has no %s", table)
	}
	return out
}

// joined reads up to four objects of a table whose region stands in another.
func joined(t *testing.T, a *App, table, join, region string) []thing {
	t.Helper()
	rows, err := db.All[string](t.Context(), a.db, `SELECT x.id || '|' || `+region+` FROM `+table+` x JOIN `+join+` ORDER BY x.id DESC LIMIT 4`)
	if err != nil || len(rows) == 0 {
		t.Fatalf("the demo has no %s (%v)", table, err)
	}
	var out []thing
	for _, row := range rows {
		id, region, _ := strings.Cut(row, "|")
		out = append(out, thing{id, identity.Object{Parties: map[string]string{}, Region: region}})
	}
	return out
}

// fixtures are the demo's objects by the word of their address.
func fixtures(t *testing.T, a *App) map[string][]thing {
	t.Helper()
	return map[string][]thing{
		"orders":               things(t, a, "order_order", map[string]string{"buyer": "buyer", "provider": "provider"}, "region"),
		"cards":                things(t, a, "fund_card", map[string]string{"owner": "keeper"}, "''"),
		"fund-groups":          things(t, a, "fund_group", map[string]string{"owner": "keeper"}, "''"),
		"prices":               things(t, a, "pricing_plan", map[string]string{"owner": "owner"}, "''"),
		"resources":            things(t, a, "catalogue_resource", map[string]string{"owner": "owner"}, "region"),
		"organisations":        things(t, a, "identity_organisation", map[string]string{"owner": "id"}, "region"),
		"needs":                things(t, a, "match_need", map[string]string{"firm": "org"}, "region"),
		"voucher-applications": things(t, a, "voucher_application", map[string]string{"firm": "firm"}, "region"),
		"vouchers":             things(t, a, "voucher_application", map[string]string{"firm": "firm"}, "region"),
		"providers":            things(t, a, "provider_membership", map[string]string{"owner": "org"}, "region"),
		"memberships":          things(t, a, "provider_membership", map[string]string{"owner": "org"}, "region"),
		"certificates":         things(t, a, "provider_certificate", map[string]string{"owner": "org"}, "region"),
		"equipment":            things(t, a, "provider_admission", map[string]string{"owner": "owner"}, "region"),
		"rosters":              things(t, a, "roster_list", map[string]string{"owner": "owner"}, "region"),
		"roster-entries":       joined(t, a, "roster_entry", "roster_list l ON l.id = x.list", "l.region"),
		"roster-imports":       joined(t, a, "roster_import", "roster_list l ON l.id = x.list", "l.region"),
		"files":                things(t, a, "identity_organisation", map[string]string{"firm": "id"}, "region"),
		"facts":                things(t, a, "facts_entry", map[string]string{"firm": "org"}, "(SELECT o.region FROM identity_organisation o WHERE o.id = facts_entry.org)"),
		"file-imports":         things(t, a, "facts_import", map[string]string{}, "region"),
		"duplicates":           things(t, a, "duplicate_pair", map[string]string{"owner": "owner_a", "other": "owner_b"}, "region_a"),
		"import-drafts":        things(t, a, "catalogue_import_draft", map[string]string{"owner": "org"}, "''"),
		"mappings":             things(t, a, "catalogue_mapping", map[string]string{"owner": "org"}, "''"),
		"organisation-names":   things(t, a, "identity_organisation", map[string]string{"owner": "id"}, "region"),
		"names":                things(t, a, "duplicate_takeover", map[string]string{"owner": "registered"}, "region"),
		"usage":                things(t, a, "catalogue_resource", map[string]string{"owner": "owner"}, "region"),
		"series":               things(t, a, "series_group", map[string]string{"buyer": "buyer", "provider": "provider"}, "region"),
		"records":              things(t, a, "record_record", map[string]string{"owner": "owner"}, "region"),
		"record-uploads":       things(t, a, "record_upload", map[string]string{"owner": "owner"}, "region"),
		"record-mappings":      things(t, a, "record_mapping", map[string]string{"owner": "owner"}, "''"),
		"record-checks":        things(t, a, "record_check", map[string]string{}, "region"),
		"checked-records":      things(t, a, "record_checked", map[string]string{"owner": "owner"}, "region"),
		"service-records":      things(t, a, "record_record", map[string]string{"owner": "owner"}, "region"),
		"samples":              things(t, a, "sample_sample", map[string]string{"buyer": "buyer", "provider": "provider"}, "region"),
		"observation-plans":    things(t, a, "observe_plan", map[string]string{"buyer": "buyer", "provider": "provider"}, "region"),
		"observe":              things(t, a, "observe_session", map[string]string{"buyer": "buyer", "provider": "provider"}, "region"),
		"campus":               things(t, a, "campus_link", map[string]string{"owner": "owner"}, "region"),
		"campus-connections":   things(t, a, "campus_link", map[string]string{"owner": "owner"}, "region"),
		"invoices":             things(t, a, "invoice_invoice", map[string]string{"buyer": "buyer", "provider": "provider"}, "region"),
		"payments":             things(t, a, "invoice_payment", map[string]string{"buyer": "buyer", "provider": "provider"}, "region"),
		"waits":                things(t, a, "waiting_wait", map[string]string{"buyer": "buyer", "provider": "owner"}, "region"),
		"behalf":               things(t, a, "behalf_booking", map[string]string{"buyer": "buyer", "owner": "clerk_org"}, "region"),
		"offers":               things(t, a, "waiting_offer", map[string]string{"buyer": "buyer", "provider": "provider"}, "region"),
		"schemes":              things(t, a, "voucher_draft", map[string]string{"authority": "authority"}, "region"),
		"scrutiny":             things(t, a, "scrutiny_flag", map[string]string{"firm": "firm", "provider": "provider"}, "region"),
		"spot-checks":          things(t, a, "scrutiny_draw", map[string]string{}, "region"),
		"spot-cases":           things(t, a, "scrutiny_case", map[string]string{"provider": "provider"}, "region"),
		"sanctions":            things(t, a, "scrutiny_sanction", map[string]string{"firm": "org", "provider": "org"}, "region"),
		"recoveries":           things(t, a, "scrutiny_recovery", map[string]string{"provider": "provider"}, "region"),
		"region-statements":    things(t, a, "settle_statement", map[string]string{"low": "low_org", "high": "high_org"}, "''"),
		"settlement-breaks":    things(t, a, "settle_break", map[string]string{"low": "(SELECT s.low_org FROM settle_statement s WHERE s.id = settle_break.statement)", "high": "(SELECT s.high_org FROM settle_statement s WHERE s.id = settle_break.statement)"}, "''"),
		"redemptions":          things(t, a, "voucher_claim", map[string]string{"provider": "CASE WHEN way = 'direct' THEN payee END", "firm": "CASE WHEN way = 'refund' THEN payee END"}, "region"),
	}
}

var idInPath = regexp.MustCompile(`/([a-z-]+)/\{id\}`)

// To load the demo region takes longer than anything else here: both look at the same one.
func TestDemoRegion(t *testing.T) {
	a := openDemo(t)
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	objects := fixtures(t, a)
	t.Run("orders and a campus system", func(t *testing.T) { ordersAndACampusSystem(t, a, h) })
	t.Run("every route as every role", func(t *testing.T) { everyRouteAsEveryRole(t, a, h, objects) })
}

// Every route, as every role, on own and foreign objects: who may, is let in; who may not, is not.
func everyRouteAsEveryRole(t *testing.T, a *App, h http.Handler, objects map[string][]thing) {
	t.Helper()
	tokens := map[string]string{"": ""}
	for _, l := range demo.Logins() {
		sub, err := a.identity.As(t.Context(), l.Login)
		if err != nil {
			t.Fatal(err)
		}
		secret, _, err := a.identity.IssueToken(t.Context(), sub, "matrix", 1)
		if err != nil {
			t.Fatal(err)
		}
		tokens[l.Login] = secret
	}
	routes := a.web.Routes()
	slices.SortStableFunc(routes, func(x, y web.Route) int { // look before changing anything
		return strings.Compare(rank(x), rank(y))
	})
	checked := 0
	logins := slices.Sorted(maps.Keys(tokens)) // one order on every day: a try changes what the next one meets
	for _, route := range routes {
		for _, login := range logins {
			for _, o := range objectsOf(route, objects) {
				checked++
				tryRoute(t, a, h, route, login, tokens[login], o)
			}
		}
	}
	if checked < 1000 {
		t.Errorf("only %d combinations were tried", checked)
	}
	t.Logf("%d combinations of %d routes and %d roles", checked, len(routes), len(tokens))
}

func rank(r web.Route) string {
	method, _, _ := strings.Cut(r.Pattern, " ")
	return map[string]string{"GET": "0"}[method] + r.Pattern
}

// objectsOf are the demo's objects that a route's address can name; one nameless object for the others.
func objectsOf(r web.Route, objects map[string][]thing) []thing {
	if m := idInPath.FindStringSubmatch(r.Pattern); m != nil {
		if list, ok := objects[m[1]]; ok {
			return list
		}
	}
	return []thing{{id: "00000000-0000-7000-8000-000000000000"}}
}

// verbOf is the action that really decides, and the verb to try, of a route that serves several verbs.
func verbOf(r web.Route) (action, verb string) {
	if !strings.Contains(r.Pattern, "{verb}") {
		return r.Action, ""
	}
	room, _, _ := strings.Cut(r.Action, ".")
	verb = map[string]string{"need": "close", "organisation": "verify", "voucher": "approve", "redemption": "verify", "resource": "edit", "duplicate": "different"}[room]
	if room == "roster" {
		return r.Action, "part"
	}
	return room + "." + verb, verb
}

// ownRules are routes whose use case looks further than the table: the reason beside each.
func ownRules(action string) bool {
	return slices.Contains([]string{
		"resource.view",                                                      // a draft is nobody's business but the owner's
		"need.view",                                                          // a confidential need is masked, a draft is the firm's
		"need.inspect",                                                       // shown within the public page
		"organisation.view",                                                  // a refused or suspended organisation has no public page
		"order.accept",                                                       // a booking is accepted by the provider, a quote by the buyer: the state table says who
		"talk.view",                                                          // the authority reads along only while it decides a dispute
		"sample.keep",                                                        // what is in a colleague's hands is that colleague's to hand on
		"duplicate.confirm",                                                  // nobody confirms for itself
		"redemption.approve",                                                 // who verified does not approve
		"scrutiny.announce",                                                  // who closed the list does not enter the number
		"scrutiny.recover",                                                   // who proposed does not order
		"scrutiny.sanction",                                                  // who decides does not confirm
		"scrutiny.review",                                                    // who had a part in it does not decide the appeal
		"settle.confirm",                                                     // who checked does not confirm
		"settle.answer", "settle.accept", "settle.reject", "settle.withdraw", // each is one side's
	}, action)
}

func tryRoute(t *testing.T, a *App, h http.Handler, route web.Route, login, token string, o thing) {
	t.Helper()
	subject, err := a.identity.Authenticate(t.Context(), "", token)
	if err != nil {
		return // a route tried before has ended this token: nothing to learn here
	}
	method, path, _ := strings.Cut(route.Pattern, " ")
	action, verb := verbOf(route)
	path = strings.NewReplacer("{id}", o.id, "{side}", "buyer", "{code}", "orders", "{verb}", verb, "{token}", o.id, "{document}", o.id, "{$}", "").Replace(path)
	req := httptest.NewRequestWithContext(context.Background(), method, path, strings.NewReader(""))
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if route.API {
			req = httptest.NewRequestWithContext(context.Background(), method, path, strings.NewReader("{}"))
			req.Header.Set("Content-Type", "application/json")
		}
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	signIn := w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/sign-in") && !strings.HasPrefix(path, "/sign-")
	denied := w.Code == http.StatusUnauthorized || w.Code == http.StatusForbidden || signIn
	hidden := denied || w.Code == http.StatusNotFound
	may := a.policy.May(subject, route.Action) == nil && (!route.Private || subject.SignedIn())
	can := may
	if o.object.Parties != nil && action != "order.create" { // an order is made for one's own organisation, on anybody's resource
		can = may && a.policy.Can(subject, action, o.object) == nil
	}
	switch {
	case w.Code >= 500:
		t.Errorf("%s %s as %q: %d", method, path, login, w.Code)
	case !may && !denied:
		t.Errorf("%s %s as %q: %d, but the table lets nobody like that in", method, path, login, w.Code)
	case may && !can && !hidden && w.Code < 400:
		t.Errorf("%s %s as %q: %d on a foreign object", method, path, login, w.Code)
	case can && denied && !ownRules(route.Action) && o.object.Parties != nil:
		t.Errorf("%s %s as %q: %d, but the table allows it", method, path, login, w.Code)
	}
}
