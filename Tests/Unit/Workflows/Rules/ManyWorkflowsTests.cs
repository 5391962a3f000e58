using System.Collections.Immutable;
using CsCheck;

namespace Svom.Workflows;

/// <summary>Workflows that start, signal and stop each other. Words arrive in their order from one to the other, some of them twice, as the store's outbox sends them.</summary>
public sealed class ManyWorkflowsTests
{
    private static readonly string[] Ids = ["a", "b", "c", "d"];

    [Fact] // Property: once all words have arrived, nobody waits for an answer, and parents and children agree.
    public void Nobody_waits_for_ever_and_parents_and_children_agree() => RandomStep.Any.Array[1, 100].Sample(
        steps =>
        {
            var world = new World();
            foreach (var step in steps)
            {
                world.Take(step);
            }

            world.DeliverAll();
            world.Agree();
        },
        iter: 600);

    private sealed class World
    {
        private readonly Dictionary<string, RunStory> stories = Ids.ToDictionary(static id => id, static id => new RunStory(id));
        private readonly SortedDictionary<string, Queue<WorkflowMessage>> words = new(StringComparer.Ordinal);

        public void Take(RandomStep step)
        {
            var id = Ids[step.Pick % Ids.Length];
            var story = stories[id];
            switch (step.Kind)
            {
                case < 45 when words.Count > 0:
                    Deliver(words.Keys.ElementAt(step.Pick % words.Count), twice: step.More % 4 == 0);
                    break;
                case < 55:
                    Do(id, new Start(Ask.Start($"{id}-start-{step.More % 5}", conflict: (WorkflowIdConflictPolicy)(1 + (step.More % 3)), retry: step.More % 2 == 0 ? new() { MaximumAttempts = 3 } : null)));
                    break;
                case < 65:
                    story.Wait(step.More);
                    Do(id, new TimeDue());
                    break;
                case < 67:
                    Do(id, step.More % 2 == 0 ? Ask.Terminate() : Ask.Cancel());
                    break;
                default:
                    Do(id, new BeginTask("worker", "poll", true));
                    if (step.More % 3 > 0)
                    {
                        Do(id, new FinishTask(new TaskDone("worker", Commands(step), []), []));
                    }

                    break;
            }
        }

        public void DeliverAll()
        {
            for (var left = 10_000; words.Count > 0; left--)
            {
                Assert.True(left > 0, "Words never end.");
                Deliver(words.Keys.First(), twice: left % 3 == 0 && left > 5_000);
            }
        }

        public void Agree()
        {
            foreach (var run in stories.Values.Select(static story => story.State.Run).Where(static run => run is { IsOpen: true }))
            {
                Assert.Empty(run!.ExternalSignals);
                Assert.Empty(run.ExternalCancels);
                foreach (var (initiated, child) in run.Children)
                {
                    var own = stories[child.Initiated.WorkflowId].Run;
                    Assert.True(own.IsOpen);
                    Assert.Equal((child.RunId, initiated, run.RunId), (own.Started.FirstRunId, own.Started.Parent!.InitiatedEventId, own.Started.Parent.Run.RunId));
                }

                if (run.Started.Parent is { } parent)
                {
                    AgreeWith(parent, run);
                }
            }
        }

        private void AgreeWith(ParentReference parent, RunState child)
        {
            var story = stories[parent.Run.WorkflowId];
            if (story.Run is { IsOpen: true } open && open.RunId == parent.Run.RunId)
            {
                Assert.Equal(child.Started.FirstRunId, open.Children[parent.InitiatedEventId].RunId);
            }
            else
            {
                var initiated = (StartChildWorkflowExecutionInitiated)story.Events(parent.Run.RunId)[(int)parent.InitiatedEventId - 1].Attributes;
                Assert.NotEqual(ParentClosePolicy.Terminate, initiated.ParentClosePolicy);
            }
        }

        private void Deliver(string way, bool twice)
        {
            var queue = words[way];
            var message = twice ? queue.Peek() : queue.Dequeue();
            if (queue.Count == 0)
            {
                words.Remove(way);
            }

            var to = way.Split('>')[1];
            if (message is StartChildMessage start)
            {
                Do(to, new Start(start.Request));
            }
            else if (message is InputMessage input)
            {
                Do(to, input.Input);
                if (input.ReplyTo is { } reply)
                {
                    Send(to, WorkflowRules.Answer(reply, stories[to].Last.Refusal));
                }
            }
        }

        private void Do(string id, WorkflowInput input)
        {
            foreach (var tell in stories[id].Do(input).Last.Effects.OfType<Tell>())
            {
                Send(id, tell);
            }
        }

        private void Send(string from, Tell tell)
        {
            var way = $"{from}>{tell.WorkflowId}";
            if (!words.TryGetValue(way, out var queue))
            {
                words[way] = queue = new();
            }

            queue.Enqueue(tell.Message);
        }

        private static ImmutableArray<Command> Commands(RandomStep step)
        {
            var commands = ImmutableArray.CreateBuilder<Command>();
            for (var (n, seed) = (step.Pick / 4 % 4, step.More + step.Pick); n > 0; n--, seed = (seed * 31) + 17)
            {
                var other = Ids[Math.Abs(seed / 8) % Ids.Length];
                commands.Add((Math.Abs(seed) % 8) switch
                {
                    0 or 1 or 2 => Ask.Child(other, (ParentClosePolicy)(1 + (Math.Abs(seed / 3) % 3))) with { IdReusePolicy = (WorkflowIdReusePolicy)(1 + (Math.Abs(seed / 5) % 4)) },
                    3 or 4 => Ask.Outward(other, seed % 3 == 0),
                    5 => Ask.CancelOther(other, seed % 3 == 0),
                    _ => Ask.Timer($"t{n}", 30),
                });
            }

            if (step.Kind > 92)
            {
                commands.Add(((Command[])[Ask.Complete(), Ask.FailRun(), Ask.Next(), Ask.Next(20)])[step.More % 4]);
            }

            return commands.ToImmutable();
        }
    }
}
