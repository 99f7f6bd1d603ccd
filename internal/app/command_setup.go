package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/config"
)

// founding is what `qiao setup` asks for.
type founding struct {
	Name, Person, Login, Region string
	Capacities                  []string
}

// runSetup founds the organisation that runs a new node and its first administrator.
func runSetup(ctx context.Context, args []string, s Streams) (int, error) {
	var (
		cfg config.Config
		f   founding
	)
	set := flags("setup", &cfg)
	set.StringVar(&f.Name, "name", "", "name of the organisation, as people know it")
	set.StringVar(&f.Login, "login", "", "sign-in of its first administrator, a mail address")
	set.StringVar(&f.Person, "person", "", "name of the administrator; empty: the sign-in")
	capacities := set.String("capacities", identity.CapacityOperator+","+identity.CapacityAuthority, "what the organisation is, separated by commas")
	if _, err := parseMixed(set, args, s.Env); err != nil {
		return wrongUse(err)
	}
	if f.Name == "" || f.Login == "" {
		return exitUsage, errors.New("say who runs the node: qiao setup --name ORGANISATION --login NAME")
	}
	if f.Person == "" {
		f.Person = f.Login
	}
	f.Region, f.Capacities = cfg.Region, strings.Split(*capacities, ",")
	for _, c := range f.Capacities {
		if !identity.KnownCapacity(c) {
			return exitUsage, fmt.Errorf("there is no capacity %q; there are: %s", c, strings.Join(identity.Capacities(), ", "))
		}
	}
	body, err := json.Marshal(f)
	if err != nil {
		return exitFinding, fmt.Errorf("write the request: %w", err)
	}
	return ask(ctx, cfg, s, http.MethodPost, "/setup", strings.NewReader(string(body)))
}

func (a *App) commandSetup(w http.ResponseWriter, r *http.Request) error {
	var f founding
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&f); err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	kind := "company"
	if slices.Contains(f.Capacities, identity.CapacityAuthority) {
		kind = "government"
	}
	_, had := a.identity.As(r.Context(), f.Login)
	password := rand.Text()
	o, err := a.identity.Establish(r.Context(), identity.Founding{
		Key:          "setup/" + f.Name,
		Organisation: identity.Organisation{NameZH: f.Name, Region: f.Region, Kind: kind},
		Capacities:   f.Capacities,
		People:       []identity.Colleague{{Login: f.Login, Name: f.Person, Password: password, Role: identity.RoleAdmin}},
	})
	if err != nil {
		return err
	}
	if had == nil { // the account was there before: it keeps its password
		_, err = fmt.Fprintf(w, "organisation %s\n%s keeps the password it has\n", o.ID, f.Login)
		return err
	}
	_, err = fmt.Fprintf(w, "organisation %s\nsign in as %s with the password %s and change it at /account\n", o.ID, f.Login, password)
	return err
}
