package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a running server under measurement.
type process struct {
	cmd *exec.Cmd
	url string
}

// launch starts a server and waits for its line `listening url=…`.
func launch(ctx context.Context, name string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, name, args...)}
	errs, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(errs)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "listening url="); ok {
			p.url = url
			go func() { _, _ = io.Copy(io.Discard, errs) }() // keeps the pipe empty
			return p, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s did not listen", name), p.cmd.Wait())
}

func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// cpu is the processor time the process has used so far, from /proc (ticks of 10 ms).
func (p *process) cpu() (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+2:]))
	user, err := strconv.Atoi(f[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond, err
}

// resident is the memory in use, in MB.
func (p *process) resident() (string, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			return fmt.Sprintf("%d MB", kb/1024), err
		}
	}
	return "", errors.New("no VmRSS")
}

func measureProgram(ctx context.Context, data string, rounds, requests int) error {
	const bin = "bin/qiao"
	args := []string{"serve", "--demo", "--data", data, "--listen", "127.0.0.1:0"}
	first, err := launch(ctx, bin, args...) // loads the demo and leaves the snapshot
	if err != nil {
		return err
	}
	if err := first.stop(); err != nil {
		return err
	}
	var p *process
	var starts []time.Duration
	for range rounds {
		if p != nil {
			if err := p.stop(); err != nil {
				return err
			}
		}
		began := time.Now()
		if p, err = launch(ctx, bin, args...); err != nil {
			return err
		}
		if err := get(ctx, p.url+"/readyz", 1); err != nil {
			return err
		}
		starts = append(starts, time.Since(began))
	}
	row("`bin/qiao serve` to 200 on /readyz, snapshot present", spread(starts), "< 1 s asked for", "median of the starts")
	memory, err := p.resident()
	if err != nil {
		return err
	}
	row("resident memory after the start, demo region", memory, "", "VmRSS")
	size, err := os.Stat(bin)
	if err != nil {
		return err
	}
	row("binary", fmt.Sprintf("%.1f MB", float64(size.Size())/1e6), "", "stripped")
	if err := measurePages(ctx, p, rounds, requests); err != nil {
		return errors.Join(err, p.stop())
	}
	return p.stop()
}

// measurePages compares the processor time of pages with that of a bare page, round by round.
func measurePages(ctx context.Context, p *process, rounds, requests int) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	bare, err := launch(ctx, self, "-bare", "127.0.0.1:0")
	if err != nil {
		return err
	}
	pages := []struct{ name, path string }{
		{"search page, no words", "/resources"},
		{"search page, 扫描电镜 and one facet", "/resources?q=%E6%89%AB%E6%8F%8F%E7%94%B5%E9%95%9C&kind=instrument"},
		{"home page", "/"},
	}
	cost := make([][]time.Duration, len(pages))
	var reference []time.Duration
	for range rounds {
		b, err := perRequest(ctx, bare, "/", requests)
		if err != nil {
			return err
		}
		reference = append(reference, b)
		for i, page := range pages {
			c, err := perRequest(ctx, p, page.path, requests/4)
			if err != nil {
				return err
			}
			cost[i] = append(cost[i], c)
		}
	}
	for i, page := range pages {
		row(page.name+", CPU a request", spread(cost[i]), "bare net/http page of 20 KB: "+spread(reference), fmt.Sprintf("%.1f× (medians), %d rounds", float64(median(cost[i]))/float64(median(reference)), rounds))
	}
	return bare.stop()
}

func perRequest(ctx context.Context, p *process, path string, n int) (time.Duration, error) {
	if err := get(ctx, p.url+path, 20); err != nil { // warm
		return 0, err
	}
	before, err := p.cpu()
	if err != nil {
		return 0, err
	}
	if err := get(ctx, p.url+path, n); err != nil {
		return 0, err
	}
	after, err := p.cpu()
	return (after - before) / time.Duration(n), err
}

// get asks n times over kept connections, uncompressed, and wants 200 each time.
func get(ctx context.Context, url string, n int) error {
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	for range n {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, res.Body)
		if err := errors.Join(err, res.Body.Close()); err != nil {
			return err
		}
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %s", url, res.Status)
		}
	}
	return nil
}

func serveBare(address string) error {
	page := []byte("<!DOCTYPE html><title>bare</title>" + strings.Repeat("<p>0123456789 0123456789 0123456789</p>\n", 500))
	s := &http.Server{Addr: address, ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page)
	})}
	return listenAndTell(s)
}

func row(cells ...string) { fmt.Println("| " + strings.Join(cells, " | ") + " |") }

func median(d []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(d))
	return s[len(s)/2]
}

func spread(d []time.Duration) string {
	s := slices.Sorted(slices.Values(d))
	unit := time.Microsecond
	if median(d) > 100*time.Millisecond {
		unit = time.Millisecond
	}
	return fmt.Sprintf("%v (%v–%v)", median(d).Round(unit), s[0].Round(unit), s[len(s)-1].Round(unit))
}
