package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// benchCrash lets firms be granted quotas and spend them while the power is cut, as often as there are images, and while the
// program is killed (-9); after each, everything that was acknowledged has to be there and every invariant has to hold. deaf is
// the control: a disk that says it has synced the log, and has not. It has to lose something.
func benchCrash(ctx context.Context, dir string, images int, deaf bool) error {
	fmt.Println("| what | figure | reference in the same run | how |")
	fmt.Println("|---|---|---|---|")
	c := &crash{dir: dir, bench: &voucherBench{client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 2 * voucherCallers}}}}
	live, disk, err := c.prepare(ctx, deaf)
	if err != nil {
		return err
	}
	err = c.cuts(ctx, disk, images)
	c.stop()
	if err := errors.Join(err, c.bench.p.stop(), live()); err != nil {
		return err
	}
	name := "power cuts under load"
	if deaf {
		name += ", the disk lies about the log (control)"
	}
	row(name, fmt.Sprintf("%d images, %d acknowledged grants and holds, %d lost, %d images with a finding", images, c.asked, c.lost, c.broken), "0 lost", fmt.Sprintf("%d callers; each image: started, every acknowledged entry asked for, `qiao verify`", voucherCallers))
	if deaf {
		return nil
	}
	return c.kills(ctx, images)
}

// crash is a program under load with what it acknowledged.
type crash struct {
	dir   string
	bench *voucherBench

	mu    sync.Mutex
	acked []string // paths that have to answer 200 and hold what was done
	quit  chan struct{}
	done  sync.WaitGroup

	asked, lost, broken int
}

// prepare loads the demo into a plain folder, puts the disk over it and starts the program and the load there.
func (c *crash) prepare(ctx context.Context, deaf bool) (unmount func() error, d *disk, err error) {
	root, synced, at := filepath.Join(c.dir, "root"), filepath.Join(c.dir, "synced"), filepath.Join(c.dir, "disk")
	p, err := launch(ctx, "bin/qiao", "serve", "--demo", "--listen", "127.0.0.1:0", "--data", root)
	if err != nil {
		return nil, nil, err
	}
	if err := p.stop(); err != nil {
		return nil, nil, err
	}
	if err := errors.Join(os.Mkdir(synced, 0o700), os.Mkdir(at, 0o700)); err != nil {
		return nil, nil, err
	}
	d, unmount, err = mount(root, synced, at, deaf)
	if err != nil {
		return nil, nil, fmt.Errorf("mount the disk (as root, with /dev/fuse): %w", err)
	}
	c.bench.flags = []string{"--data", at}
	if err := errors.Join(c.start(ctx), c.bench.setUp(ctx)); err != nil {
		return nil, nil, errors.Join(err, unmount())
	}
	c.load(ctx)
	return unmount, d, nil
}

func (c *crash) start(ctx context.Context) (err error) {
	c.bench.p, err = launch(ctx, "bin/qiao", append([]string{"serve", "--demo", "--listen", "127.0.0.1:0", "--log", "error"}, c.bench.flags...)...)
	return err
}

// load lets every firm apply, be granted, commission and accept, again and again, until stop or until the program is gone.
func (c *crash) load(ctx context.Context) {
	c.quit = make(chan struct{})
	b := *c.bench // the address of this life
	for caller := range voucherCallers {
		c.done.Go(func() {
			for firm := caller; ; firm = (firm + voucherCallers) % voucherFirms {
				select {
				case <-c.quit:
					return
				default:
				}
				if err := c.spend(ctx, &b, firm); err != nil {
					var refused *refusal
					if !errors.As(err, &refused) {
						return // the program is dead
					}
				}
			}
		})
	}
}

func (c *crash) stop() {
	close(c.quit)
	c.done.Wait()
}

// spend is one round of a firm; what the program says yes to is remembered.
func (c *crash) spend(ctx context.Context, b *voucherBench, firm int) error {
	application, err := b.apply(ctx, firm)
	if err != nil {
		return err
	}
	if err := b.post(ctx, b.officer, "/voucher-applications/"+application+"/approve", map[string]any{}, nil); err != nil {
		return err
	}
	c.ack("/voucher-applications/" + application)
	order, err := b.commission(ctx, firm, grantFen)
	if err != nil {
		return err
	}
	if err := b.post(ctx, b.firms[firm], "/orders/"+order+"/accept", map[string]any{"voucher_programme": b.programme}, nil); err != nil {
		return err
	}
	c.ack("/orders/" + order)
	return nil
}

func (c *crash) ack(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acked = append(c.acked, path)
}

// known is what was acknowledged so far.
func (c *crash) known() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.acked[:len(c.acked):len(c.acked)]
}

// cuts takes images at moments of chance and looks at each.
func (c *crash) cuts(ctx context.Context, d *disk, images int) error {
	for range images {
		time.Sleep(time.Duration(50+rand.IntN(500)) * time.Millisecond)
		acked := c.known() // what is acknowledged later may be in the image or not
		at := filepath.Join(c.dir, "image")
		if err := errors.Join(os.RemoveAll(at), os.MkdirAll(at, 0o700), d.image(at)); err != nil {
			return fmt.Errorf("take an image: %w", err)
		}
		if err := c.look(ctx, []string{"--data", at}, acked); err != nil {
			return err
		}
		c.asked = len(acked)
	}
	return nil
}

// look starts the program on what was left, asks for everything that was acknowledged and verifies the books.
func (c *crash) look(ctx context.Context, flags, acked []string) error {
	p, err := launch(ctx, "bin/qiao", append([]string{"serve", "--demo", "--listen", "127.0.0.1:0", "--log", "error"}, flags...)...)
	if err != nil {
		c.broken++ // it does not even start
		c.lost += len(acked)
		return nil
	}
	b := *c.bench
	b.p = p
	lost := 0
	for _, path := range acked {
		var out struct {
			State string `json:"state"`
		}
		var refused *refusal
		switch err := b.get(ctx, b.officer, path, &out); {
		case errors.As(err, &refused), out.State != "approved" && out.State != "accepted":
			lost++
		case err != nil:
			return errors.Join(err, p.stop())
		}
	}
	if lost > 0 {
		c.lost += lost
	}
	verify := exec.CommandContext(ctx, "bin/qiao", append([]string{"verify"}, flags...)...)
	if err := verify.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return errors.Join(err, p.stop())
		}
		c.broken++
	}
	return p.stop()
}

// kills ends the program (-9) in the middle of the load, again and again, each time on what the last left.
func (c *crash) kills(ctx context.Context, times int) error {
	c.acked, c.lost, c.broken = nil, 0, 0
	c.bench.flags = []string{"--data", filepath.Join(c.dir, "root")}
	for range times {
		if err := c.start(ctx); err != nil {
			return err
		}
		c.load(ctx)
		time.Sleep(time.Duration(200+rand.IntN(800)) * time.Millisecond)
		if err := c.bench.p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
			return err
		}
		c.stop()
		_ = c.bench.p.cmd.Wait() // killed, as it says
	}
	if err := c.look(ctx, c.bench.flags, c.acked); err != nil {
		return err
	}
	row("the program killed (-9) under load", fmt.Sprintf("%d kills, %d acknowledged grants and holds, %d lost, %d findings", times, len(c.acked), c.lost, c.broken), "0 lost", "SQLite; after the last, every acknowledged entry asked for, `qiao verify`")
	return nil
}
