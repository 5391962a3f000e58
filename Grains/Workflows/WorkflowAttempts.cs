namespace Svom.Workflows;

/// <summary>The attempts of activities of a workflow that this silo runs or is about to run.</summary>
internal sealed class WorkflowAttempts(
    WorkflowServices services, WorkflowAddress address, Func<WorkflowItem, Task<ItemAnswer>> put, TaskScheduler scheduler, CancellationToken gone)
{
    private readonly Dictionary<AttemptKey, CancellationTokenSource> running = [];
    private readonly HashSet<AttemptKey> queued = [];

    public bool Any => running.Count > 0 || queued.Count > 0;

    /// <summary>After a load: attempts that nobody runs any more are lost, those that nobody began are offered again.</summary>
    public void TakeUpLost(WorkflowTurn turn)
    {
        if (turn.State.Run is not { IsOpen: true, InProcess: true } run)
        {
            return;
        }

        foreach (var activity in run.Activities.Values)
        {
            if (activity.Begun is null)
            {
                // The end of a pause is a deadline of the run: it offers the attempt by itself.
                if (!activity.Pausing && activity.ReadyAt <= turn.Context.Now)
                {
                    turn.Effects.Add(new OfferAttempt(activity.ScheduledEventId, activity.Attempt, run.RunId));
                }
            }
            else if (!IsAlive(new(address, run.RunId, activity.ScheduledEventId, activity.Attempt), activity.Begun.Worker))
            {
                turn.Decide(new AttemptLost(activity.ScheduledEventId, activity.Attempt, services.Incarnation) { RunId = run.RunId });
            }
        }
    }

    /// <summary>Attempts that are offered and find a place are begun in the same turn.</summary>
    public void TakePlaces(WorkflowTurn turn)
    {
        if (turn.State.Run is not { IsOpen: true } run)
        {
            return;
        }

        for (var i = 0; i < turn.Effects.Count; i++)
        {
            if (turn.Effects[i] is not OfferAttempt offer || !IsOffered(run, offer) || queued.Contains(Key(offer)))
            {
                continue;
            }

            if (services.Pool.TryTakePlace())
            {
                turn.PlacesTaken++;
                Begin(turn, offer);
                run = turn.State.Run!;
            }
            else
            {
                turn.Queued.Add(offer);
            }
        }
    }

    /// <summary>An attempt that waited got its place.</summary>
    public ItemAnswer TakePlace(WorkflowTurn turn, PlaceItem place)
    {
        var offer = new OfferAttempt(place.ScheduledEventId, place.Attempt, place.RunId);
        if (turn.State.Run is { IsOpen: true } run && IsOffered(run, offer))
        {
            Begin(turn, offer);
            return ItemAnswer.Taken(place.RunId);
        }

        return new(new(WorkflowRefusalCode.Stale, "Nobody needs it any more."), place.RunId);
    }

    /// <summary>The turn is durable: what it began runs from here on, what it stopped is told.</summary>
    public void Begin(WorkflowTurn turn)
    {
        if (turn.State.Run is not { } run)
        {
            return;
        }

        foreach (var begun in turn.Begun)
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(gone);
            var key = Key(begun);
            running[key] = stop;
            services.Pool.Began(key);
            if (run.RunId == begun.RunId && run.Activities.GetValueOrDefault(begun.ScheduledEventId) is { Begun: not null } activity && activity.Attempt == begun.Attempt)
            {
                _ = RunAsync(key, run, activity, stop);
            }
            else
            {
                Ended(key); // It was over within the turn that began it.
            }
        }

        foreach (var waiting in turn.Queued)
        {
            var key = Key(waiting);
            if (queued.Add(key))
            {
                _ = WaitAsync(key);
            }
        }

        Stop(turn, run);
    }

    /// <summary>The turn is thrown away, and the places that it took are free again; who waited for one keeps it.</summary>
    public void GiveUp(WorkflowTurn? turn)
    {
        for (var n = turn?.PlacesTaken ?? 0; n > 0; n--)
        {
            services.Pool.GivePlaceBack();
        }
    }

    private static bool IsOffered(RunState run, OfferAttempt offer) =>
        run.RunId == offer.RunId && run.Activities.GetValueOrDefault(offer.ScheduledEventId) is { Begun: null, Pausing: false } activity && activity.Attempt == offer.Attempt;

    private void Begin(WorkflowTurn turn, OfferAttempt offer)
    {
        turn.Decide(new BeginAttempt(offer.ScheduledEventId, offer.Attempt, services.Incarnation, services.Incarnation, offer.RunId));
        turn.Begun.Add(offer);
    }

    private void Stop(WorkflowTurn turn, RunState run)
    {
        foreach (var effect in turn.Effects)
        {
            if (effect is StopAttempt stop && running.TryGetValue(new(address, stop.RunId, stop.ScheduledEventId, stop.Attempt), out var one))
            {
                one.Cancel();
            }
        }

        if (running.Count > 0 && turn.Effects.Any(static effect => effect is RunClosed))
        {
            foreach (var (key, one) in running)
            {
                if (key.RunId != run.RunId || !run.IsOpen)
                {
                    one.Cancel();
                }
            }
        }
    }

    private async Task RunAsync(AttemptKey key, RunState run, ActivityState activity, CancellationTokenSource stop)
    {
        try
        {
            var news = await services.Runner.RunAsync(address, run, activity, services.Incarnation, beat => Beat(beat with { RunId = key.RunId }), stop.Token);
            Ended(key);
            if (gone.IsCancellationRequested)
            {
                await HandOverAsync(key, news);
            }
            else
            {
                await put(new InputItem(news with { RunId = key.RunId }));
            }
        }
        catch (Exception failure)
        {
            Ended(key);
            services.Logger.LogLost(address, $"activity {activity.Scheduled.ActivityType}", failure);
        }
    }

    /// <summary>
    /// The workflow left this silo while the attempt ran: its end goes to wherever the workflow is now. One that stopped only since it was told
    /// to leave is lost, and the next begins at once.
    /// </summary>
    private Task HandOverAsync(AttemptKey key, AttemptNews news) => services.Grains.GetGrain<IWorkflowMessageGrain>(address.ToString()).TakeAsync(
        WorkflowMessages.Write(new InputMessage((news is AttemptCanceled ? new AttemptLost(key.ScheduledEventId, key.Attempt, services.Incarnation) : news) with { RunId = key.RunId })),
        CancellationToken.None);

    // From any thread.
    private void Beat(AttemptBeat beat) => _ = Task.Factory.StartNew(() => BeatAsync(beat), CancellationToken.None, TaskCreationOptions.None, scheduler);

    private async Task BeatAsync(AttemptBeat beat)
    {
        try
        {
            await put(new InputItem(await services.Payloads.OutgoingAsync(beat, gone)));
        }
        catch (Exception failure) when (!gone.IsCancellationRequested)
        {
            services.Logger.LogLost(address, $"a sign of life of activity {beat.ScheduledEventId}", failure);
        }
    }

    private async Task WaitAsync(AttemptKey key)
    {
        try
        {
            await services.Pool.TakePlaceAsync(gone);
        }
        catch (OperationCanceledException)
        {
            queued.Remove(key);
            return;
        }

        try
        {
            if ((await put(new PlaceItem(key.RunId, key.ScheduledEventId, key.Attempt))).Refusal is not null)
            {
                services.Pool.GivePlaceBack();
            }
        }
        catch (Exception failure)
        {
            services.Pool.GivePlaceBack();
            services.Logger.LogLost(address, $"attempt {key.Attempt} of activity {key.ScheduledEventId}", failure);
        }
        finally
        {
            queued.Remove(key);
        }
    }

    private void Ended(AttemptKey key)
    {
        if (running.Remove(key, out var stop))
        {
            stop.Dispose();
            services.Pool.Ended(key);
            services.Pool.GivePlaceBack();
        }
    }

    private bool IsAlive(AttemptKey key, string worker) =>
        worker == AttemptHandedOn.Elsewhere || (worker == services.Incarnation ? services.Pool.IsRunning(key) : services.Silos.Now.Alive.Contains(worker));

    private AttemptKey Key(OfferAttempt offer) => new(address, offer.RunId, offer.ScheduledEventId, offer.Attempt);
}
