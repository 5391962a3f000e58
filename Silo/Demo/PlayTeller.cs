using Svom.Simulation;

namespace Svom.Demo;

/// <summary>Says at once what the simulator reports; a <see cref="Progress{T}"/> would say it later and out of order.</summary>
internal sealed class PlayTeller(Narrator narrator) : IProgress<PlayProgress>
{
    public void Report(PlayProgress value)
    {
        if (value.Kind == "act")
        {
            narrator.Person(value.MissionTime, value.Text);
        }
        else if (value.Kind == "fact")
        {
            narrator.Sky(value.MissionTime, value.Text);
        }
    }
}
