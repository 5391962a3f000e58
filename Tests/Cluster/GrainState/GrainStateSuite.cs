using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;
using Svom.Support;

namespace Svom.GrainState;

/// <summary>A silo whose state and reminders live beside the event store, stopped and started over the same data.</summary>
public abstract class GrainStateSuite : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private IHost? _silo;

    private protected string Folder => _folder.Path;

    private IGrainFactory Grains => _silo!.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Adds the stores and says where grain state is.</summary>
    private protected abstract Task ConfigureAsync(IHostApplicationBuilder builder, Action<Action<ISiloBuilder>> silo);

    public async ValueTask InitializeAsync() => await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await StopAsync();
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task State_and_reminders_stand_after_a_restart()
    {
        var note = Grains.GetGrain<INoteGrain>("a");
        Assert.Null(await note.ReadAsync());
        await note.WriteAsync("one");
        await note.WriteAsync("two");
        await note.RemindAsync("watch", TimeSpan.FromHours(3));
        await note.RemindAsync("gone", TimeSpan.FromHours(1));
        await note.ForgetAsync("gone");
        await Grains.GetGrain<INoteGrain>("b").WriteAsync("other");

        await StopAsync();
        await StartAsync();
        note = Grains.GetGrain<INoteGrain>("a");
        Assert.Equal("two", await note.ReadAsync());
        Assert.Equal("other", await Grains.GetGrain<INoteGrain>("b").ReadAsync());
        Assert.Equal(["watch"], await note.RemindersAsync());

        await note.ClearAsync();
        await StopAsync();
        await StartAsync();
        Assert.Null(await Grains.GetGrain<INoteGrain>("a").ReadAsync());
    }

    [Fact]
    public async Task A_stale_writer_is_refused()
    {
        var storage = _silo!.Services.GetRequiredKeyedService<IGrainStorage>("Default");
        var id = GrainId.Create("note", "stale");
        var (ours, theirs) = (new GrainState<NoteState>(new()), new GrainState<NoteState>(new()));
        await storage.ReadStateAsync("note", id, ours);
        await storage.ReadStateAsync("note", id, theirs);
        Assert.False(ours.RecordExists);
        await storage.WriteStateAsync("note", id, ours);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", id, theirs));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("note", id, theirs));

        await storage.ReadStateAsync("note", id, theirs);
        Assert.True(theirs.RecordExists);
        await storage.ClearStateAsync("note", id, theirs);
        await storage.WriteStateAsync("note", id, theirs);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", id, ours));
    }

    [Fact]
    public async Task Reminder_rows_are_found_by_grain_name_and_part_of_the_ring()
    {
        var table = _silo!.Services.GetRequiredService<IReminderTable>();
        var ids = Enumerable.Range(0, 20).Select(n => GrainId.Create("note", $"r{n}")).OrderBy(id => id.GetUniformHashCode()).ToArray();
        foreach (var id in ids)
        {
            await table.UpsertRow(new() { GrainId = id, ReminderName = "watch", StartAt = new(2026, 4, 21, 12, 0, 0, DateTimeKind.Utc), Period = TimeSpan.FromHours(1) });
        }

        var (third, tenth) = (ids[3].GetUniformHashCode(), ids[10].GetUniformHashCode());
        Assert.Equal(ids[4..11], (await table.ReadRows(third, tenth)).Reminders.Select(row => row.GrainId).OrderBy(id => id.GetUniformHashCode()));
        Assert.Equal(20 - 7, (await table.ReadRows(tenth, third)).Reminders.Count);
        Assert.Equal(20, (await table.ReadRows(0, 0)).Reminders.Count);

        var row = (await table.ReadRow(ids[0], "watch"))!;
        Assert.Equal((new DateTime(2026, 4, 21, 12, 0, 0, DateTimeKind.Utc), TimeSpan.FromHours(1)), (row.StartAt, row.Period));
        var old = row.ETag!;
        await table.UpsertRow(row);
        Assert.False(await table.RemoveRow(ids[0], "watch", old));
        Assert.True(await table.RemoveRow(ids[0], "watch", row.ETag!));
        Assert.Null(await table.ReadRow(ids[0], "watch"));
        Assert.Empty((await table.ReadRows(ids[0])).Reminders);
    }

    private async Task StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var configure = new List<Action<ISiloBuilder>>();
        await ConfigureAsync(builder, configure.Add);
        builder.UseOrleans(orleans =>
        {
            orleans.UseLocalhostClustering(PlatformProcess.FreePort(), gatewayPort: 0);
            configure.ForEach(add => add(orleans));
        });
        _silo = builder.Build();
        await _silo.StartAsync();
    }

    private async Task StopAsync()
    {
        await _silo!.StopAsync();
        await ((IAsyncDisposable)_silo).DisposeAsync();
    }
}

[GenerateSerializer]
public sealed class NoteState
{
    [Id(0)]
    public string? Text { get; set; }
}

public interface INoteGrain : IGrainWithStringKey
{
    Task<string?> ReadAsync();

    Task WriteAsync(string text);

    Task ClearAsync();

    Task RemindAsync(string name, TimeSpan period);

    Task ForgetAsync(string name);

    Task<IReadOnlyList<string>> RemindersAsync();
}

public sealed class NoteGrain([PersistentState("note")] IPersistentState<NoteState> note) : Grain, INoteGrain, IRemindable
{
    public Task<string?> ReadAsync() => Task.FromResult(note.State.Text);

    public Task WriteAsync(string text)
    {
        note.State.Text = text;
        return note.WriteStateAsync();
    }

    public Task ClearAsync() => note.ClearStateAsync();

    public Task RemindAsync(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, period, period);

    public async Task ForgetAsync(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task<IReadOnlyList<string>> RemindersAsync() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
