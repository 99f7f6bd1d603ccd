package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"qiao/internal/platform/config"
)

// listen takes the address of the site before anything is opened: what the program says of itself (links, identifiers,
// its own sources of records) holds the port that port 0 has become.
func listen(ctx context.Context, cfg *config.Config) (net.Listener, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s (is another server running there? -listen chooses another address): %w", cfg.Listen, err)
	}
	if host, port, err := net.SplitHostPort(cfg.Listen); err == nil && port == "0" {
		_, port, _ = net.SplitHostPort(ln.Addr().String()) // an address of ours always has both parts
		cfg.Listen = net.JoinHostPort(host, port)
	}
	return ln, nil
}

// Serve answers on ln until ctx ends, then lets running requests end within the drain time. It tells ready
// the address once it answers.
func (a *App) Serve(ctx context.Context, ln net.Listener, ready func(url string)) error {
	handler, err := a.Handler()
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var work sync.WaitGroup
	work.Go(func() { a.Background(background) })
	servers := []*http.Server{{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute}}
	failed := make(chan error, 3)
	serve := func(s *http.Server, l net.Listener) {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}
	go serve(servers[0], ln)
	for _, extra := range []func(context.Context) (*http.Server, net.Listener, error){a.adminServer, a.socketServer} {
		s, l, err := extra(ctx)
		if err != nil {
			failed <- err
		} else if s != nil {
			servers = append(servers, s)
			go serve(s, l)
		}
	}
	ready("http://" + ln.Addr().String())
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cfg.Drain)
	defer cancel()
	for _, s := range servers {
		err = errors.Join(err, s.Shutdown(drain))
	}
	stop()
	work.Wait()
	return err
}

// adminServer serves metrics and profiles, on a loopback address only.
func (a *App) adminServer(ctx context.Context) (*http.Server, net.Listener, error) {
	if a.cfg.Admin == "" {
		return nil, nil, nil
	}
	host, _, err := net.SplitHostPort(a.cfg.Admin)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, nil, fmt.Errorf("-admin %q: give a loopback address such as 127.0.0.1:8081", a.cfg.Admin)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.cfg.Admin)
	return &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}, ln, err
}

// socketServer lets the program's other commands work beside a running server that holds the database.
func (a *App) socketServer(ctx context.Context) (*http.Server, net.Listener, error) {
	path := SocketPath(a.cfg.Data)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, fmt.Errorf("remove the socket of an earlier run: %w", err)
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, nil, fmt.Errorf("listen on the command socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, nil, errors.Join(err, ln.Close())
	}
	return &http.Server{Handler: a.commands(), ReadHeaderTimeout: 5 * time.Second}, ln, nil
}

// SocketPath is where the server of a data folder listens for commands. A long path, which a socket
// cannot have, is replaced by one in the temporary folder named after it.
func SocketPath(data string) string {
	path, err := filepath.Abs(filepath.Join(data, "qiao.sock"))
	if err == nil && len(path) < 100 {
		return path
	}
	return filepath.Join(os.TempDir(), "qiao-"+shortHash(path)+".sock")
}
